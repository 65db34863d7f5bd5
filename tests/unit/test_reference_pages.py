"""The pages of commands, settings, checks and speech acts say what the code says."""

from __future__ import annotations

import csv
import re

import typer

from expectations.suites import all_checks
from pipelines import cli, reference_pages
from pipelines.contracts import table
from pipelines.contracts.speech_acts import CUE_CLASSES, TARGET_KINDS
from pipelines.settings import REFERENCE_DIR, Settings


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


def test_every_class_of_the_lexicon_is_told_with_its_cues() -> None:
    with (REFERENCE_DIR / "cue_lexicon.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert set(CUE_CLASSES) == {row["cue_class"] for row in rows}
    _, *sections = reference_pages.pages()["docs/speech-acts.md"].partition("## target_kind")[0].split("\n### ")
    told = {section.partition("\n")[0]: section for section in sections}
    assert list(told) == list(CUE_CLASSES) == sorted(CUE_CLASSES)
    for row in rows:
        lists = re.findall(rf"^{row['form'].capitalize()}s: (.*)\.$", told[row["cue_class"]], re.MULTILINE)
        assert len(lists) == 1, row
        if row["cue_lemma"].strip(":—"):
            assert row["cue_lemma"] in lists[0].split(", "), row


def test_every_kind_of_target_is_told() -> None:
    (column,) = [c for c in table("core", "statement_targets").columns if c.name == "target_kind"]
    assert column.allowed is not None
    assert set(TARGET_KINDS) == set(column.allowed)
    page = reference_pages.pages()["docs/speech-acts.md"]
    assert all(f"| `{kind}` | " in page for kind in TARGET_KINDS)
