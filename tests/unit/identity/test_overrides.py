"""Human corrections: the log's lines, and what replaying them does to the state tables."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import polars as pl
import pytest

from pipelines.contracts import table
from pipelines.core.identity.actors import ActorState, assign_actors
from pipelines.core.identity.overrides import Override, check_cycle, parse_log
from pipelines.core.reference import Reference
from pipelines.core.text.names import fold


def correction(action: str, **more: Any) -> Override:  # noqa: ANN401
    return Override(action=action, reason="why", made_by="me", made_at="2026-03-02T10:00:00+00:00", **more)


def entities(**names: str) -> pl.DataFrame:
    """Version -> the name of a person in it."""
    rows = [
        {"ingest_date": date(2026, 3, 1), "batch_id": "b", "entity_id": f"e-{v}", "version_id": v, "name": name,
         "actor_type": "person", "name_norm": fold(name), "basis": "full_name", "n_mentions": 1, "resolution_id": "r"}
        for v, name in names.items()
    ]  # fmt: skip
    return table("lake", "entities").frame(rows)


STATEMENTS = pl.DataFrame(
    {"statement_id": ["s1", "s2"], "version_id": ["v1", "v2"], "content_norm": ["the bridge is closed", "no"],
     "ingest_date": [date(2026, 3, 1)] * 2}
)  # fmt: skip


def replay(reference: Reference, frame: pl.DataFrame, *overrides: Override) -> ActorState:
    return assign_actors(frame, [], reference, overrides, STATEMENTS)


def actors(state: ActorState) -> dict[str, str]:
    """Return version -> name of the actor, merges followed."""
    into = dict(state.actors.select("actor_id", "merged_into").iter_rows())
    name = dict(state.actors.select("actor_id", "canonical_name").iter_rows())
    return {e[2:]: name[into[a] or a] for e, a in state.entity_actors.select("entity_id", "actor_id").iter_rows()}


def test_a_log_line_comes_back_as_it_was() -> None:
    made = correction("split", name="Ana Ruiz", value="Ana Ruiz (poet)", versions=("v1", "v2"))
    assert parse_log(made.line() + "\n\n" + made.line()) == (made,)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not JSON"),
        ("[]", "action is not one of"),
        (json.dumps({"action": "erase"}), "action is not one of"),
        (json.dumps({"action": "rename", "name": "Ana"}), "rename needs value"),
        (json.dumps({"action": "merge", "name": "Ana", "value": "Ana"}), "both names are 'Ana'"),
        (json.dumps({"action": "split", "name": "Ana", "value": "Bo", "versions": []}), "split needs versions"),
        (json.dumps({"action": "rename", "name": "Ana", "value": "Bo", "made_at": "soon"}), "is not an instant"),
        (json.dumps({"action": "rename", "name": 5, "value": "Bo"}), "every field but versions is a text"),
    ],
)
def test_a_wrong_line_is_named(line: str, says: str) -> None:
    good = correction("rename", name="Ana Ruiz", value="Ana R.").line()
    with pytest.raises(ValueError, match=says) as error:
        parse_log(f"{good}\n{line}\n")
    assert str(error.value).startswith("overrides.jsonl, line 2: ")


def test_merges_may_not_go_round_in_a_circle() -> None:
    log = [correction("merge", name="A B", value="C D"), correction("merge", name="C D", value="E F")]
    with pytest.raises(ValueError, match="circle"):
        check_cycle(correction("merge", name="E F", value="A B"), log)
    with pytest.raises(ValueError, match="circle"):
        parse_log("\n".join(o.line() for o in [*log, correction("merge", name="E F", value="A B")]))
    check_cycle(correction("merge", name="G H", value="A B"), log)


def test_a_merge_makes_two_actors_one(reference: Reference) -> None:
    frame = entities(v1="Mariya Solkova", v2="Maria Solkova")
    state = replay(reference, frame, correction("merge", name="Mariya Solkova", value="Maria Solkova"))
    assert actors(state) == {"v1": "Maria Solkova", "v2": "Maria Solkova"}
    assert state.overrides.select("is_orphan", "n_affected").row(0) == (False, 1)
    assert actors(replay(reference, frame)) == {"v1": "Mariya Solkova", "v2": "Maria Solkova"}


def test_without_corrections_nobody_is_merged(reference: Reference) -> None:
    assert replay(reference, entities(v1="Ana Ruiz", v2="Eva Ruiz")).actors["merged_into"].null_count() == 2


def test_a_split_takes_versions_away(reference: Reference) -> None:
    frame = entities(v1="Ana Ruiz", v2="Ana Ruiz", v3="Ana Ruiz")
    split = correction("split", name="Ana Ruiz", value="Ana Ruiz (poet)", versions=("v2",))
    state = replay(reference, frame, split)
    assert actors(state) == {"v1": "Ana Ruiz", "v2": "Ana Ruiz (poet)", "v3": "Ana Ruiz"}
    assert set(state.entity_actors["actor_id"]) == set(state.actors["actor_id"])


def test_a_rename_keeps_the_id_and_later_corrections_find_the_new_name(reference: Reference) -> None:
    frame = entities(v1="Ana Ruiz", v2="Bo Lind")
    state = replay(
        reference, frame, correction("rename", name="Ana Ruiz", value="Ana Ruiz Vega"),
        correction("merge", name="Bo Lind", value="Ana Ruiz Vega"),
    )  # fmt: skip
    assert actors(state) == {"v1": "Ana Ruiz Vega", "v2": "Ana Ruiz Vega"}
    assert set(replay(reference, frame).actors["actor_id"]) == set(state.actors["actor_id"])


def test_a_speaker_is_corrected_by_the_words_that_are_quoted(reference: Reference) -> None:
    frame = entities(v1="Ana Ruiz", v2="Bo Lind")
    said = correction("speaker", versions=("v1",), words="The bridge is CLOSED!", value="Bo Lind")
    new = correction("speaker", versions=("v2",), words="No", value="Cy Holt")
    state = replay(reference, frame, said, new)
    name = dict(state.actors.select("actor_id", "canonical_name").iter_rows())
    rows = state.statement_overrides.select("statement_id", "actor_id").iter_rows()
    assert {s: name[a] for s, a in rows} == {"s1": "Bo Lind", "s2": "Cy Holt"}


def test_a_corrected_speaker_who_is_merged_is_the_one_he_is_merged_into(reference: Reference) -> None:
    said = correction("speaker", versions=("v1",), words="bridge", value="Bo Lind")
    merge = correction("merge", name="Bo Lind", value="Ana Ruiz")
    state = replay(reference, entities(v1="Ana Ruiz", v2="Bo Lind"), said, merge)
    ana = state.actors.filter(pl.col("canonical_name") == "Ana Ruiz")["actor_id"][0]
    assert state.statement_overrides["actor_id"].to_list() == [ana]


@pytest.mark.parametrize(
    "lost",
    [
        correction("merge", name="Nobody Here", value="Ana Ruiz"),
        correction("rename", name="Nobody Here", value="Someone"),
        correction("split", name="Ana Ruiz", value="Other", versions=("v9",)),
        correction("speaker", versions=("v1",), words="words that are gone", value="Ana Ruiz"),
    ],
)
def test_an_orphan_changes_nothing_and_is_counted(reference: Reference, lost: Override) -> None:
    frame = entities(v1="Ana Ruiz")
    state, plain = replay(reference, frame, lost), replay(reference, frame)
    assert state.actors.equals(plain.actors)
    assert state.entity_actors.equals(plain.entity_actors)
    assert state.statement_overrides.is_empty()
    assert state.overrides.select("is_orphan", "n_affected").row(0) == (True, 0)
