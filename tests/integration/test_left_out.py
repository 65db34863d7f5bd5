"""docs/left-out.md tells each reason for which a statement is not counted, and its SQL moves the limits."""

from __future__ import annotations

import re

from pipelines.contracts.columns import EXCLUDED_REASONS
from pipelines.storage.published import open_published
from tests.workbench import ROOT, Workbench

PAGE = (ROOT / "docs" / "left-out.md").read_text(encoding="utf-8")
LIMITS = "0.5 as least_span, 0.8 as least_speaker"


def test_each_reason_is_told_in_the_order_of_the_rules() -> None:
    rules = (ROOT / "sql/models/intermediate/days/statement_rows.sql").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)` \| ", PAGE, re.MULTILINE)
    assert sorted(told) == sorted(EXCLUDED_REASONS)
    own = [reason for reason in told if f"then '{reason}'" in rules]
    assert own == re.findall(r"then '(\w+)'", rules.partition("-- The first rule that applies.")[2])


def test_each_quality_flag_that_leaves_an_article_out_is_told() -> None:
    (row,) = re.findall(r"^\| `quality` \| (.*) \|$", PAGE, re.MULTILINE)
    macro = (ROOT / "sql/macros/counting.sql").read_text(encoding="utf-8")
    listed = macro[macro.index("['") : macro.index("']") + 1]
    assert re.findall(r"`(\w+)`", row) == re.findall(r"'(\w+)'", listed)


def test_limits_move_what_is_sure(explored: Workbench) -> None:
    (sql,) = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
    assert LIMITS in sql
    with open_published(explored.published, "1GB") as con:
        counts = con.sql("SELECT speaker, n_statements FROM mart.speaker_counts WHERE n_statements > 0").fetchall()

        def sure(limits: str) -> list[tuple[str, int, int, int]]:
            return con.sql(sql.replace(LIMITS, limits)).fetchall()

        all_sure = sure("0 as least_span, 0 as least_speaker")
        assert sorted((speaker, n) for speaker, n, _, _ in all_sure) == sorted(counts)
        assert all(n == n_sure and left == 0 for _, n, n_sure, left in all_sure)
        assert all(n_sure == 0 for _, _, n_sure, _ in sure("0 as least_span, 1.1 as least_speaker"))
        assert all(n == n_sure + left for _, n, n_sure, left in sure(LIMITS))
