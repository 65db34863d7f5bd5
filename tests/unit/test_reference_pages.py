"""The pages of commands, settings and checks say what the code says."""

from __future__ import annotations

import typer

from expectations.suites import all_checks
from pipelines import cli, reference_pages
from pipelines.settings import Settings


def test_committed_pages_are_up_to_date() -> None:
    assert reference_pages.main(["--check"]) == 0, "run `python -m pipelines.reference_pages`"


def test_every_command_setting_and_check_is_there() -> None:
    pages = reference_pages.pages()
    commands = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    assert all(f"## onrecord {name}\n" in pages["docs/commands.md"] for name in commands)
    assert "| `--format table\\|csv\\|json\\|jsonl\\|parquet\\|xlsx` |" in pages["docs/commands.md"]
    for name in Settings.model_fields:
        (row,) = [r for r in pages["docs/settings.md"].splitlines() if r.startswith(f"| `ONRECORD_{name.upper()}` |")]
        assert len(row.split(" | ")[-1]) > 10, "a docstring says what it means"
    assert all(f"| `{check.name}` | `{check.table}` |" in pages["docs/checks.md"] for check in all_checks())
