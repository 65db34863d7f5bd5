"""What dbt's connection needs where the lake lies in an object store (named in sql/profiles.yml).

Covers the plugin of dbt-duckdb. For how a connection is prepared, see storage/duckdb_objects.
"""

from __future__ import annotations

import os

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin


class Plugin(BasePlugin):  # type: ignore[misc]
    """Lets the connection read s3:// URLs where the lake has one; else it does nothing."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Prepare the connection that the models are built with."""
        if "://" in os.environ.get("ONRECORD_LAKE", ""):
            from pipelines.storage.duckdb_objects import read_objects

            read_objects(conn)
