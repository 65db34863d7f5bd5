"""dbt's command for `forked`, which has dbt loaded."""

from __future__ import annotations

from dbt.cli.main import dbtRunner


def main(arguments: list[str]) -> int:
    """Run dbt; the exit status is 1 if it did not succeed."""
    result = dbtRunner().invoke(arguments)
    if result.exception is not None:
        print(result.exception)
    return 0 if result.success else 1
