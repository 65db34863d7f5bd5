"""Pure functions: values in, values out.

Belongs here: everything that decides what a row says. Does not belong here: Dagster, DuckDB,
the clock, the environment, the network, the disk (import-linter and a test hold this).
"""
