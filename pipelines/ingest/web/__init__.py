"""Fetching over HTTP: politely, within bounds, and from public addresses only."""
