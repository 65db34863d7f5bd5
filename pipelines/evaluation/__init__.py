"""Scorers: how right answers are against a gold standard. Never part of a fingerprint."""
