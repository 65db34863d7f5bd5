"""The guides work as they are printed: every command of README, tutorial and how-to, on the data of the sample.

A guide's section may run the pipeline in its middle. What comes before that is done for all sections first, then the
pipeline runs once, and then comes the rest: a run each would take minutes and show the same.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pipelines.settings import Source
from tests.workbench import ROOT, Done, Workbench

DOCS = ROOT / "docs"
RUN = re.compile(r"^onrecord run( .*)?$", re.M)


def blocks(page: Path, kind: str) -> list[str]:
    """Return the fenced blocks of a kind, in order."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)


def script(parts: list[str], run: str) -> str:
    """Return all blocks as one script in which the pipeline runs once, where they first ask for it."""
    halves = [RUN.split(part, maxsplit=1) for part in parts]
    before = [half[0] for half in halves if len(half) > 1]
    after = [RUN.sub("true", half[-1]) for half in halves]
    return "\n".join(["set -euo pipefail", *before, run, *after])


@pytest.fixture(scope="module")
def here(sample: tuple[Workbench, Done], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a copy of the sample's data."""
    folder = tmp_path_factory.mktemp("guides")
    shutil.copytree(sample[0].data, folder / "data", ignore=shutil.ignore_patterns("*.duckdb.tmp"))
    return folder


def environment(here: Path, sample: tuple[Workbench, Done]) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return sample[0].environment({"ONRECORD_DATA_DIR": str(here / "data"), "PATH": path})


def run(command: list[str], here: Path, env: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=here, env=env, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_guides_commands_do_what_they_say(here: Path, sample: tuple[Workbench, Done]) -> None:
    pytest.importorskip("xlsxwriter")
    env = environment(here, sample)
    parts = blocks(DOCS / "how-to.md", "sh")
    assert len(parts) >= 8
    told = run(["bash", "-c", script(parts, "onrecord run news")], here, env)
    assert "Ilse Marrow-Vance" in told, "a person of one's own has the name that the row gives"
    assert "Edda Quillan-Moss" in told, "a correction holds"
    assert re.search(r"The Calder Ledger +│ +\d+ │", told), "a mart of one's own is there"
    assert "not_null_said_by_outlet_outlet" in told, "and its checks"
    assert (here / "speakers.xlsx").read_bytes()[:2] == b"PK"
    assert (here / "strike.csv").read_text().startswith("kind,passage_id,")
    assert {p.name for p in (here / "tables").iterdir()} == {
        "mart.speaker_counts.csv", "mart.quote_reuse.csv", "README.md"
    }  # fmt: skip
    assert "`row_change` is came, changed" in (here / "changed" / "README.md").read_text()
    assert "the wall would be raised by a metre" in (here / "found.csv").read_text()


@pytest.mark.parametrize("page", ["how-to.md", "library.md"])
def test_the_guides_python_runs(here: Path, sample: tuple[Workbench, Done], page: str) -> None:
    env = environment(here, sample) | {"PYTHONPATH": str(ROOT)}
    told = run([sys.executable, "-c", "\n".join(blocks(DOCS / page, "python"))], here, env)
    assert "Ilse Marrow" in told


@pytest.mark.parametrize("page", ["README.md", "docs/tutorial.md"])
def test_questions_of_the_readme_and_the_tutorial_have_answers(
    here: Path, sample: tuple[Workbench, Done], page: str
) -> None:
    asked = [b for b in blocks(ROOT / page, "sh") if re.match(r"onrecord (query|search)", b)]
    assert asked
    told = run(["bash", "-c", "\n".join(["set -euo pipefail", *asked])], here, environment(here, sample))
    assert "Petra Lunn" in told


def test_entries_of_sources_are_read() -> None:
    entries = [e for b in blocks(DOCS / "how-to.md", "yaml") for e in yaml.safe_load(b)["sources"]]
    assert [Source.model_validate(entry).name for entry in entries] == ["ledger-export", "post", "wire"]


def test_every_link_of_the_pages_leads_somewhere() -> None:
    dead = []
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))):
        for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
            place, _, anchor = link.partition("#")
            if "://" in place or not (place or anchor):
                continue
            target = (page.parent / place).resolve() if place else page
            if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
                dead.append(f"{page.relative_to(ROOT)}: {link}")
    assert dead == []


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as they are made where it is shown."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
