"""Pure functions: values in, values out.

Covers everything that decides what a row says. It uses no Dagster, DuckDB, clock, environment, network or disk, which
import-linter and a test hold.
"""
