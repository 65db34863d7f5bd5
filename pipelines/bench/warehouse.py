"""What a day costs when the warehouse is large: build, checks, full-state steps, publication, questions.

    python -m pipelines.bench.warehouse --articles 100000 --folder /tmp/bench [--json FILE]

Covers running the real steps on a made-up lake and measuring each apart, in a process of its own. For making the lake,
see `lake`. It does not cover reading and extracting (their cost follows the day's records alone).

The same day of new articles is measured twice: in a warehouse that holds nothing else, and in a full one. What is made
anew from all news is told apart from what belongs to the day: `full_state_s` of a build is the time in which nothing
but models with the tag full_state, and their tests, ran; the search index is a step of its own.

A lake that is there already, in FOLDER/empty/lake or FOLDER/full/lake, is used again.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import shutil
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.bench.lake import write_lake
from pipelines.commands.demo import publish_sample
from pipelines.compute.worker import assign_all
from pipelines.contracts import table
from pipelines.core.copies.near_copies import story_groups
from pipelines.core.copies.quote_clusters import cluster_wordings
from pipelines.orchestration import dbt as dbt_project
from pipelines.orchestration.dbt_call import DbtCall
from pipelines.questions import answer, questions
from pipelines.settings import Settings, load_settings
from pipelines.storage.fingerprints import Register
from pipelines.storage.lake import Lake
from pipelines.storage.publish import changes_since, how_frames, publish

LAST_DAY = date(2026, 3, 5)
"""The day that is measured; the questions ask about its week."""
_REPEATS = 3
_MOVED = 30
_MOVE = """
UPDATE internal.built_days SET state_id = 'another' WHERE ingest_date IN (
    SELECT min(ingest_date)
    FROM (SELECT ingest_date, ntile(?) OVER (ORDER BY ingest_date) AS part FROM internal.day_states) GROUP BY part
)
"""
Figures = dict[str, float]


def measured(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Figures:
    """Run a step in a new process; return its seconds, its peak memory (MB) and what it counted."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(sender, function, arguments))
    process.start()
    sender.close()
    try:
        return receiver.recv()  # type: ignore[no-any-return]
    except EOFError:
        raise RuntimeError(f"{function.__name__} failed; see above") from None
    finally:
        process.join()


def _measure(sender: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    began, worked = time.perf_counter(), _cpu_seconds()
    counted = function(*arguments)
    seconds = time.perf_counter() - began
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = round(_cpu_seconds() - worked, 2)
    sender.send({"seconds": round(seconds, 2), "cpu_seconds": cpu, "peak_mb": peak // 1024, **(counted or {})})


def _cpu_seconds() -> float:
    """Return the seconds of work of this process and of those it waited for: what a busy machine does not change."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


# ---------------------------------------------------------------- the steps
def actors(data_dir: Path) -> Figures:
    """Assign every entity, and replace the state tables."""
    settings = _settings(data_dir)
    lake = Lake(settings.lake_dir)
    state = assign_all(lake)
    for name in type(state).__dataclass_fields__:
        lake.write_state(name, getattr(state, name))
    return {"entities": state.entity_actors.height, "actors": state.actors.height}


def quote_clusters(data_dir: Path) -> Figures:
    """Bring near wordings together, and replace the state table."""
    lake = Lake(_settings(data_dir).lake_dir)
    said = lake.scan("quotes").filter(pl.col("quote_kind").is_in(["speech", "written"]))
    clusters = cluster_wordings(said.select("canonical_quote_id", "text_norm"))
    lake.write_state("quote_clusters", clusters)
    return {"in_clusters": clusters.height}


def stories(data_dir: Path) -> Figures:
    """Group near copies, and replace the state table."""
    columns = ["batch_id", "article_id", "earlier_batch_id", "earlier_article_id"]
    lake = Lake(_settings(data_dir).lake_dir)
    groups = story_groups(lake.read("near_copies", columns=columns))
    lake.write_state("story_groups", groups)
    return {"articles_in_groups": groups.height}


def first_build(data_dir: Path, days: list[date]) -> Figures:
    """Build a new warehouse as a run does, in parts."""
    *parts, last = dbt_project.parts(Lake(_settings(data_dir).lake_dir), days)
    for part in parts:
        _dbt_build(data_dir, part, dbt_project.NOT_IN_PARTS)
    return build(data_dir, last) | {"parts": len(parts) + 1}


def build(data_dir: Path, days: list[date], n_moved: int = 0) -> Figures:
    """Build some days as a run does.

    Args:
        data_dir: The data folder.
        days: The days.
        n_moved: So many other days are said to have been made with another state, evenly over all.
    """
    settings = _settings(data_dir)
    if n_moved:
        with duckdb.connect(settings.warehouse) as con:
            con.execute(_MOVE, [n_moved])
    seconds, results = _dbt_build(data_dir, days, dbt_project.NOT_IN_RUNS)
    slow = sorted(results, key=lambda r: -r["execution_time"])[:9]
    print("  slowest:", ", ".join(f"{r['unique_id'].split('.')[2]} {r['execution_time']:.1f} s" for r in slow))
    of_state = round(_only_full_state(results, dbt_project.manifest()["nodes"]), 2)
    day = round(seconds - of_state, 2)
    return {"day_s": day, "full_state_s": of_state, "size_mb": settings.warehouse.stat().st_size // 2**20}


def _dbt_build(data_dir: Path, days: list[date], left_out: str) -> tuple[float, list[dict[str, Any]]]:
    """Run dbt as a run does, and return the seconds that it took and its results."""
    dbt_project.prepare()
    call = DbtCall()
    began = time.perf_counter()
    call.begin(["build", "--exclude", *left_out.split()], _settings(data_dir), days, "target")
    outcome = call.end(lambda _: None)
    if not outcome.is_successful:
        broken = [r for r in outcome.results if r["status"] in ("fail", "error")]
        raise RuntimeError(f"{outcome.error} {broken}")
    return time.perf_counter() - began, outcome.results


def _only_full_state(results: list[dict[str, Any]], nodes: dict[str, Any]) -> float:
    """Return the seconds in which something ran, and all of it was made from all news."""
    moments = []
    for result in results:
        node = nodes.get(result["unique_id"])
        if node is None:
            continue  # an exposure: nothing ran
        tags = nodes.get(node.get("attached_node") or "", node)["tags"]
        ran = next((t for t in result["timing"] if t["name"] == "execute"), None)
        if ran is not None:
            of_state = "full_state" in tags
            moments += [(ran["started_at"], of_state, 1), (ran["completed_at"], of_state, -1)]
    at_work, total, before = {True: 0, False: 0}, 0.0, None
    for moment, of_state, change in sorted(moments):
        now = datetime.fromisoformat(moment.replace("Z", "+00:00"))
        if before is not None and at_work[True] and not at_work[False]:
            total += (now - before).total_seconds()
        at_work[of_state] += change
        before = now
    return total


def checks(data_dir: Path, days: list[date]) -> Figures:
    """Run Great Expectations over some days as a run does."""
    from expectations import run_checks

    settings = _settings(data_dir)
    outcomes = run_checks(settings.warehouse, days, max(days), settings.data_docs_dir)
    for outcome in outcomes:
        if not outcome.passed and outcome.severity == "block":
            print(f"  {outcome.table_name}: {outcome.check_name}: {outcome.detail}")
    return {"checks": len(outcomes), "failed": sum(not o.passed for o in outcomes)}


def publication(data_dir: Path) -> Figures:
    """Publish the warehouse as a run does, and tell the time of the search index apart."""
    settings = _settings(data_dir)
    lake = Lake(settings.lake_dir)
    ops = {
        "pipeline_runs": lake.read("pipeline_runs"),
        "check_results": table("ops", "check_results").empty(),
        "overrides": lake.read_state("overrides"),
        "changes": changes_since(settings.published, settings.warehouse, settings.build_memory),
        **how_frames(settings.warehouse, Register(lake.root)),
    }
    published = publish(
        settings.warehouse, settings.published, ops=ops, now=datetime.now(UTC), code_version="bench", keep_earlier=0,
        memory=settings.build_memory,
    )  # fmt: skip
    return {"index_s": round(published.index_seconds, 2), "size_mb": settings.published.stat().st_size // 2**20}


def ask(data_dir: Path) -> dict[str, Any]:
    """Ask the twenty questions of the published file, each several times; return the median of seconds and of work."""
    settings = _settings(data_dir)
    found = {}
    with duckdb.connect(settings.published, read_only=True, config={"memory_limit": settings.query_memory}) as con:
        con.execute("SET enable_progress_bar = false")
        for question in questions():
            trials = []
            for _ in range(_REPEATS):
                began, worked = time.perf_counter(), _cpu_seconds()
                answer(con, question)
                trials.append((time.perf_counter() - began, _cpu_seconds() - worked))
            seconds, cpu = (round(sorted(column)[_REPEATS // 2], 3) for column in zip(*trials, strict=True))
            found[f"{question.number}. {question.text}"] = {"seconds": seconds, "cpu_seconds": cpu}
    return {"questions": found}


def _settings(data_dir: Path) -> Settings:
    os.environ["ONRECORD_DATA_DIR"] = str(data_dir)
    return load_settings(data_dir=data_dir)


# ---------------------------------------------------------------- the trial
def trial(folder: Path, *, n_articles: int, per_day: int) -> dict[str, Any]:
    """Make both warehouses and measure every step in each."""
    seed = folder / "seed"
    if not (seed / "lake").exists():
        publish_sample(seed)
    figures: dict[str, Any] = {}
    for name, size in (("empty", per_day), ("full", n_articles + per_day)):
        home = folder / name
        days = _lake_of(home, seed, size, per_day)
        steps: list[tuple[str, Callable[..., Any], tuple[Any, ...]]] = [
            ("actors", actors, ()), ("quotes", quote_clusters, ()), ("stories", stories, ()),
            ("first build of all days", first_build, (days,)), ("build", build, (days[-1:],)),
            (f"build, {_MOVED} days moved", build, (days[-1:], _MOVED)), ("checks", checks, (days[-1:],)),
            ("publication", publication, ()), ("questions", ask, ()),
        ]  # fmt: skip
        figures[name] = {}
        for step, function, arguments in steps:
            figures[name][step] = measured(function, (home, *arguments))
            print(f"  {step}: { ({k: v for k, v in figures[name][step].items() if k != 'questions'}) }", flush=True)
    return {"articles": n_articles, "per_day": per_day, "cores": os.cpu_count(), "figures": figures}


def _lake_of(home: Path, seed: Path, n_articles: int, per_day: int) -> list[date]:
    """Write the lake of a data folder, or use the one that is there; remove what else is there. Return its days."""
    lake, written = home / "lake", home / "lake" / "written"
    if written.exists() and written.read_text() == f"{n_articles} {per_day}":
        for path in set(home.glob("*")) - {lake}:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        return sorted({batch.day for batch in Lake(lake).batches()})
    shutil.rmtree(home, ignore_errors=True)
    began = time.perf_counter()
    _, days = write_lake(lake, seed / "lake", n_articles=n_articles, per_day=per_day, last_day=LAST_DAY)
    written.write_text(f"{n_articles} {per_day}")
    print(f"{home.name}: a lake of {len(days)} days in {time.perf_counter() - began:.0f} s")
    return days


def tables_of(result: dict[str, Any]) -> list[pl.DataFrame]:
    """Return the figures as two tables: the steps of a day, and the questions."""
    empty, full = result["figures"]["empty"], result["figures"]["full"]
    steps = [
        {
            "step": step, "empty_s": empty[step]["seconds"], "full_s": full[step]["seconds"],
            "of it apart": next((full[step][k] for k in ("full_state_s", "index_s") if k in full[step]), None),
            "empty_cpu_s": empty[step]["cpu_seconds"], "full_cpu_s": full[step]["cpu_seconds"],
            "empty_mb": empty[step]["peak_mb"], "full_mb": full[step]["peak_mb"],
        }
        for step in full
    ]  # fmt: skip
    asked = [
        {"question": text, **figures, "empty_s": empty["questions"]["questions"][text]["seconds"]}
        for text, figures in full["questions"]["questions"].items()
    ]
    return [pl.DataFrame(steps), pl.DataFrame(asked)]


def main(arguments: list[str] | None = None) -> int:
    """Run the trial, print the tables, and write the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.bench.warehouse", description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=100_000, help="articles in the full warehouse")
    parser.add_argument("--per-day", type=int, default=1_000, help="articles of a day")
    parser.add_argument(
        "--folder", type=Path, required=True, help="where both warehouses are made; about 40 kB an article"
    )
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args(arguments)
    result = trial(options.folder, n_articles=options.articles, per_day=options.per_day)
    with pl.Config(tbl_rows=-1, tbl_cols=-1, fmt_str_lengths=100, tbl_hide_dataframe_shape=True):
        for frame in tables_of(result):
            print(frame)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
