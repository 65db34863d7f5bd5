"""No test works on the checkout's own data folder; a warehouse with a history is made once for all that read it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from pipelines.orchestration import dbt
from tests.explore_news import write_news
from tests.news import write_first_day, write_second_day
from tests.workbench import SAMPLE, Done, Workbench, good

set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "onrecord-hypothesis")  # not in the checkout
hypothesis.settings.register_profile("suite", deadline=None, database=None)  # a busy machine is no bug
hypothesis.settings.load_profile("suite")


def pytest_sessionstart() -> None:
    """Let dbt read its project where a file of it has changed: definitions are loaded when tests are collected."""
    dbt.prepare()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the models of dbt: they need no warehouse that is shared, and another process makes one meanwhile."""
    items.sort(key=lambda item: item.path.name != "test_dbt_models.py")


@pytest.fixture(autouse=True, scope="session")
def _own_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("ONRECORD_", "DAGSTER_HOME"))]:
            patch.delenv(name)
        patch.setenv("ONRECORD_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        yield


DAY_1, DAY_2 = ("--date", "2026-03-02"), ("--date", "2026-03-03")


@dataclass(frozen=True)
class History:
    """Two days of made-up news, taken in one after the other.

    Attributes:
        news: Folder of what came in: day1 and day2.
        first: The data folder after the first day; to be copied, not changed.
        second: The data folder after the second; to be copied, not changed.
        done: What the commands printed: "day1", "day1 again", "day2".
        kept: inode and time of the published file after "day1" and after "day1 again".
    """

    news: Path
    first: Workbench
    second: Workbench
    done: dict[str, Done]
    kept: list[list[int]]

    def copy(self, of: Workbench, to: Path) -> Workbench:
        """Return a copy of one of the data folders, to work on."""
        spill = shutil.ignore_patterns("*.duckdb.tmp")  # another test process may be reading the same file
        shutil.copytree(of.data, to / "data", ignore=spill)
        return Workbench(to / "data")


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """Give the history."""
    folder = made_once(tmp_path_factory, "history", _make_history)
    told = json.loads((folder / "done.json").read_text())
    done = {name: Done(**values) for name, values in told["done"].items()}
    first, second = (Workbench(folder / name / "data") for name in ("first", "second"))
    return History(folder / "news", first, second, done, told["kept"])


@pytest.fixture(scope="session")
def explored(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """Give the data folder of the news for the pages; to be read, not changed."""
    return Workbench(made_once(tmp_path_factory, "explored", _make_explored) / "data")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workbench, Done]:
    """Give the four days of the sample as a user takes them in, and what the last run said; to be read, not changed."""
    folder = made_once(tmp_path_factory, "sample", _make_sample)
    done = Done(**json.loads((folder / "done.json").read_text()))
    return Workbench(folder / "data", SAMPLE_SOURCES), done


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that is the same for all test processes: the first that asks makes it, and the others wait."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            make(folder)
            (folder / "made").touch()
    return folder


def _make_explored(folder: Path) -> None:
    shutil.rmtree(folder / "news", ignore_errors=True)
    shutil.rmtree(folder / "data", ignore_errors=True)
    write_news(folder / "news")
    good(Workbench(folder / "data")("run", folder / "news", "--date", "2026-03-05"))


SAMPLE_SOURCES = {"ONRECORD_SOURCES_FILE": str(SAMPLE / "sources.yaml")}


def _make_sample(folder: Path) -> None:
    shutil.rmtree(folder / "data", ignore_errors=True)
    onrecord = Workbench(folder / "data", SAMPLE_SOURCES)
    for n in (1, 2, 3):
        done = good(onrecord("run", SAMPLE / f"day{n}", "--date", f"2026-03-0{n + 1}", "--ingest-only"))
        assert done.stdout.splitlines()[-1] == "stored; the next run builds and publishes it"
        assert not onrecord.published.exists()
    last = good(onrecord("run", SAMPLE / "day4", "--date", "2026-03-05"))
    (folder / "done.json").write_text(json.dumps(vars(last)))


def _make_history(folder: Path) -> None:
    news, first, second = folder / "news", Workbench(folder / "first" / "data"), Workbench(folder / "second" / "data")
    if not news.exists():
        write_first_day(news / "day1")
        write_second_day(news / "day2")
    for bench in (first, second):
        shutil.rmtree(bench.data, ignore_errors=True)
    done = {"day1": good(second("run", news / "day1", *DAY_1))}
    stats = [second.published.stat()]
    shutil.copytree(second.data, first.data)
    done["day1 again"] = good(second("run", news / "day1", *DAY_1))
    stats.append(second.published.stat())
    done["day2"] = good(second("run", news / "day2", *DAY_2))
    kept = [[s.st_ino, s.st_mtime_ns] for s in stats]
    told = {"done": {name: vars(d) for name, d in done.items()}, "kept": kept}
    (folder / "done.json").write_text(json.dumps(told))
