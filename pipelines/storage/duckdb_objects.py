"""DuckDB with an object store: its extension from a wheel, and keys from the environment.

Covers preparing a connection. For paths of objects, see `object_paths`.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import duckdb

from pipelines.settings import SettingsError
from pipelines.storage.extensions import extension_path, literal


def read_objects(con: duckdb.DuckDBPyConnection) -> None:
    """Let a connection read s3:// URLs, and ask again for a while where the store answers 500 or 503.

    Raises:
        SettingsError: the extra is not installed.
    """
    path = extension_path("httpfs")
    if path is None:
        raise SettingsError("a lake in an object store needs the extra: pip install 'onrecord[cluster]'")
    con.execute(f"LOAD {literal(str(path))}")
    given = {
        "KEY_ID": os.environ.get("AWS_ACCESS_KEY_ID"),
        "SECRET": os.environ.get("AWS_SECRET_ACCESS_KEY"),
        "SESSION_TOKEN": os.environ.get("AWS_SESSION_TOKEN"),
        "REGION": os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"),
    }
    options = [f"{name} {literal(value)}" for name, value in given.items() if value]
    if endpoint := os.environ.get("AWS_ENDPOINT_URL"):
        parts = urlsplit(endpoint)
        is_secure = str(parts.scheme == "https").lower()
        options += [f"ENDPOINT {literal(parts.netloc)}", "URL_STYLE 'path'", f"USE_SSL {is_secure}"]
    con.execute(f"CREATE OR REPLACE SECRET onrecord ({', '.join(['TYPE s3', *options])})")
    con.execute("SET http_retries = 10")
