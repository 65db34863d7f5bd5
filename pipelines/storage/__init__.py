"""Disk and processes: the lake, files as records, the run lock, publication.

Covers reading and writing. For deciding what a row says, see core; for Dagster, see orchestration.
"""
