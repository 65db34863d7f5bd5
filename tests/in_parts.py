"""The command for `forked`, with a new warehouse made in parts of one day each."""

from __future__ import annotations

from pipelines import cli
from pipelines.orchestration import dbt


def main(arguments: list[str]) -> int:
    """Run the command."""
    dbt._ARTICLES_AT_ONCE = 1
    return cli.main(arguments)
