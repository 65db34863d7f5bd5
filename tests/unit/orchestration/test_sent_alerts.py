"""A standing warning is news once, until it says something else, is over, or has stood for a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.orchestration.sent_alerts import SentAlerts
from pipelines.settings import load_settings

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_what_was_told_is_no_news_for_a_day(tmp_path: Path) -> None:
    sent = SentAlerts(load_settings(data_dir=tmp_path))
    assert sent.is_news("check:a", "three days old", NOW)
    sent.note("check:a", "three days old", NOW)
    assert not sent.is_news("check:a", "three days old", NOW + timedelta(hours=23))
    assert sent.is_news("check:a", "four days old", NOW)
    assert sent.is_news("check:b", "three days old", NOW)
    assert sent.is_news("check:a", "three days old", NOW + timedelta(days=1))
    assert sent.is_news("check:a", "three days old", NOW - timedelta(days=3)), "the clock was ahead when it was told"


def test_what_is_over_is_news_when_it_comes_back_and_other_kinds_stay(tmp_path: Path) -> None:
    sent = SentAlerts(load_settings(data_dir=tmp_path))
    for key in ("check:a", "check:b", "run:x"):
        sent.note(key, "text", NOW)
    sent.over("check:", ["check:b"])
    assert [sent.is_news(key, "text", NOW) for key in ("check:a", "check:b", "run:x")] == [True, False, False]


def test_a_damaged_file_tells_again(tmp_path: Path) -> None:
    sent = SentAlerts(load_settings(data_dir=tmp_path))
    sent.note("a", "text", NOW)
    (tmp_path / "state" / "told.json").write_text("{half")
    assert sent.is_news("a", "text", NOW)
