"""`onrecord demo`: the made-up sample news, four ingest days, and what an analyst finds in it.

The order of the demonstration and its SQL. The sample itself lies in data/sample.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from datetime import date
from pathlib import Path

import duckdb

from pipelines.settings import SAMPLE_DIR, Settings, load_settings

DAYS = {date(2026, 3, n): SAMPLE_DIR / f"day{n - 1}" for n in (2, 3, 4, 5)}
_MARK = ".demo"
"""A file in the data folder of a demonstration: what lies beside it may be removed by the next one."""

QUESTIONS = (
    (
        "Who is quoted most?",
        "SELECT speaker, speaker_type AS type, n_statements AS statements, n_with_quotes AS with_quotes, "
        "n_outlets AS outlets "
        "FROM mart.speaker_counts ORDER BY n_statements DESC, speaker LIMIT 8",
    ),
    (
        "What did the most quoted person say, in order, and where does it stand?",
        "WITH top AS (SELECT speaker_actor_id FROM mart.speaker_counts WHERE speaker_type = 'person' "
        "ORDER BY n_statements DESC, speaker LIMIT 1) "
        "SELECT t.on_date, t.outlet, t.cue_text AS cue, left(e.text_at_offsets, 70) AS words, "
        "e.char_start || '-' || e.char_end AS at, e.is_match AS proven "
        "FROM mart.actor_timeline t JOIN top USING (speaker_actor_id) "
        "JOIN mart.evidence e ON e.statement_id = t.statement_id AND e.span_kind = 'content' AND e.span_no = 0 "
        "WHERE t.is_counted ORDER BY t.on_date, t.outlet, e.char_start LIMIT 8",
    ),
    (
        "Which words were carried by more than one outlet?",
        "SELECT left(longest_wording, 60) AS words, n_outlets, array_to_string(outlets, ', ') AS outlets, "
        "array_to_string(speakers, ', ') AS speakers FROM mart.quote_reuse WHERE n_outlets > 1 "
        "ORDER BY n_outlets DESC, n_uses DESC, words LIMIT 5",
    ),
    (
        "What was refused, and why?",
        "SELECT ingest_date AS day, source_uri AS record, record_no AS line, stage, rule FROM ops.quarantine "
        "ORDER BY ingest_date, source_uri, record_no",
    ),
)

_CLOSING = """\
Ask it yourself:
  export ONRECORD_DATA_DIR={home}
  {onrecord} query "SELECT speaker, n_statements FROM mart.speaker_counts ORDER BY n_statements DESC LIMIT 10"
  {onrecord} search strike
  {onrecord} explore      # people, quotes, articles and outlets in a browser
  {onrecord} ui           # the runs, step by step, in the Dagster UI
Take in your own news, into a data folder of its own:
  unset ONRECORD_DATA_DIR; {onrecord} run PATH/TO/NEWS"""


def _folder(data_dir: Path) -> Path:
    """Return the demonstration's data folder: below the user's, unless that is one already."""
    return data_dir if (data_dir / _MARK).exists() else data_dir / "demo"


def _start_afresh(home: Path) -> None:
    """Remove what an earlier demonstration made; what dbt parsed stays, since parsing takes seconds."""
    for path in home.iterdir() if home.is_dir() else ():
        if path.name != ".dbt":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    home.mkdir(parents=True, exist_ok=True)
    (home / _MARK).touch()


def _as_typed() -> str:
    """Return how this command is called from here: by its name, where the shell finds it, else by its path."""
    program = Path(sys.executable).with_name("onrecord")
    found = shutil.which("onrecord")
    return "onrecord" if found and Path(found).resolve() == program.resolve() else _from_here(program)


def _from_here(path: Path) -> str:
    """Return a path as it is typed in the current folder."""
    return shlex.quote(str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path))


def publish_sample(data_dir: Path) -> Settings:
    """Take in the four days of the sample below a folder, and publish them.

    Raises:
        RuntimeError: it could not be published; the command has said why.
    """
    os.environ["ONRECORD_SOURCES_FILE"] = str(SAMPLE_DIR / "sources.yaml")
    settings = load_settings(data_dir=data_dir)
    from pipelines.commands.job import execute
    from pipelines.commands.summary import tell

    for day, folder in DAYS.items():
        stored = execute(settings, day, inputs=[str(folder)], ingest_only=True)
        if stored.error is not None:
            raise RuntimeError(stored.error)
    if tell(settings, execute(settings, max(DAYS))):
        raise RuntimeError("the sample was not published")
    return settings


def main() -> int:
    """Run the demonstration in a data folder of its own and print what it found."""
    home = _folder(load_settings().data_dir)
    _start_afresh(home)
    try:
        settings = publish_sample(home)
    except RuntimeError as error:
        print(f"onrecord: {error}", file=sys.stderr)
        return 1
    with duckdb.connect(settings.published, read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        for question, sql in QUESTIONS:
            print(f"\n{question}")
            con.sql(sql).show(max_width=170, max_rows=20)
    print(_CLOSING.format(home=_from_here(home), onrecord=_as_typed()))
    return 0
