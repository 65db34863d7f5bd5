"""Disk and processes: the lake, files as records, the run lock, publication.

Belongs here: reading and writing. Does not belong here: deciding what a row says (core), Dagster (orchestration).
"""
