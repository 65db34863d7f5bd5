"""Marts: every answer adds up to the statements, or the uses of quotes, that it is counted from.

Covers the sums of one mart against the rows of another, and words under two names. For what a row says, see evidence.
It does not cover keys and the logic of a mart (dbt tests and unit tests).

A count has no day: the marts are read as a whole, so all of this is left to a run over everything.
"""

from __future__ import annotations

from expectations.spec import CheckSpec, Rows

_AGREE = "2026-11-28: two marts that disagree on one number make both unusable."
MIN_WORDS = 8
_COUNTED = "mart.statements_counted"
_IS_COUNTED, _IS_NOT = "CAST(is_counted AS INT)", "CAST(NOT is_counted AS INT)"


def checks() -> tuple[CheckSpec, ...]:
    """Return the checks of this module."""
    known = "speaker_actor_id IS NOT NULL"
    unnamed = "anonymity IN ('by_choice', 'spokesperson')"
    cue = "coalesce(cue_class, 'none') AS cue_class"
    return (
        _sums("speaker_counts", "speaker_actor_id", where=known),
        _sums("share_of_voice", "outlet_id", "speaker_actor_id", "speaker"),
        _sums("outlet_counts", "outlet_id"),
        _sums("agency_share", "outlet_id"),
        _sums("voice_by_day", "on_date", "speaker_actor_id", where=known),
        _sums("outlet_diversity", "outlet_id", counts="n_statements + n_unknown"),
        _sums("voices_by_role", "outlet_id", "speaker_type", given={"speaker_type": "coalesce(speaker_type, 'unknown') "
                                                                    "AS speaker_type"}),
        _sums("voices_by_gender", "outlet_id", "on_date", "speaker_gender", where="speaker_type = 'person'"),
        _sums("voices_by_kind", "outlet_id", "speaker_kind", where=known),
        _sums("speech_acts_by_day", "on_date", "cue_class", given={"cue_class": cue}),
        _sums("anonymous_sources", "outlet_id", "anonymity", where=unnamed),
        _sums("actor_timeline", "speaker_actor_id", counts=_IS_COUNTED, leaves_out=_IS_NOT, where=known),
        _sums("who_about_whom", "speaker_actor_id", "target_kind", of=(
            f"(SELECT s.speaker_actor_id, t.target_kind, s.is_counted FROM {_COUNTED} AS s "
            "JOIN core.statement_targets AS t ON t.statement_id = s.statement_id "
            "WHERE t.actor_id <> s.speaker_actor_id) AS c")),
        _gaps(), _replies(), _relays(), _changes(), _coverage(), _uses(), _reuse(), _firsts(), _spread(),
        _one_speaker(),
    )  # fmt: skip


def _check(mart: str, claim: str, batch: str, fails: str, *ids: str) -> CheckSpec:
    return CheckSpec(
        f"{mart}_adds_up", f"mart.{mart}", "block", claim, _AGREE, batch, Rows(fails), ids,
        reads_views=True, needs_all_days=True,
    )  # fmt: skip


def _sums(
    mart: str, *by: str, counts: str = "n_statements", leaves_out: str = "n_excluded", of: str = _COUNTED,
    where: str = "TRUE", given: dict[str, str] | None = None,
) -> CheckSpec:  # fmt: skip
    """Return the check that a mart counts, and leaves out, each statement once.

    Args:
        mart: The mart.
        by: Columns of the mart by which both sides are added up.
        counts: What a row of the mart counts.
        leaves_out: What it says that it leaves out.
        of: Relation of single statements, with is_counted and the columns in `by`.
        where: Which of these the mart is about.
        given: How a column in `by` is made from that relation, where it is not a column of it.
    """
    keys = ", ".join(by)
    made = ", ".join((given or {}).get(name, name) for name in by)
    batch = (
        f"SELECT {keys}, CAST(sum(in_mart) AS BIGINT) AS n_in_mart, CAST(sum(n) AS BIGINT) AS n_counted, "
        "CAST(sum(out_in_mart) AS BIGINT) AS n_excluded_in_mart, CAST(sum(out) AS BIGINT) AS n_excluded FROM ("
        f"SELECT {keys}, {counts} AS in_mart, 0 AS n, {leaves_out} AS out_in_mart, 0 AS out FROM mart.{mart} UNION ALL "
        f"SELECT {made}, 0, {_IS_COUNTED}, 0, {_IS_NOT} FROM {of} WHERE {where}) AS u GROUP BY ALL"
    )
    return _check(
        mart, f"the counts by {', '.join(by)} add up to the statements", batch,
        "SELECT * FROM b WHERE n_in_mart <> n_counted OR n_excluded_in_mart <> n_excluded", *by,
    )  # fmt: skip


def _gaps() -> CheckSpec:
    """Return the check on a mart that has counts of its own: what it takes and leaves out is all there is."""
    return _check(
        "attribution_gaps",
        "an outlet's statements are all looked at or left out",
        "SELECT coalesce(g.outlet_id, s.outlet_id) AS outlet_id, g.outlet, g.n_statements + g.n_excluded AS n_in_mart, "
        "s.n AS n_statements, g.share_unattributed * g.n_statements AS n_unattributed_in_mart, s.n_unattributed "
        f"FROM mart.attribution_gaps AS g FULL JOIN (SELECT outlet_id, count(*) AS n, count(*) FILTER "
        f"(WHERE source_kind = 'unattributed') AS n_unattributed FROM {_COUNTED} GROUP BY outlet_id) AS s "
        "ON s.outlet_id = g.outlet_id",
        "SELECT * FROM b WHERE n_in_mart IS DISTINCT FROM n_statements "
        "OR coalesce(n_unattributed_in_mart, 0) > n_unattributed + 0.001",
        "outlet_id",
    )


def _replies() -> CheckSpec:
    return _check(
        "right_of_reply",
        "every counted statement about an actor is there, with the replies that the article has",
        "SELECT coalesce(r.statement_id, e.statement_id) AS statement_id, "
        "coalesce(r.target_actor_id, e.actor_id) AS target_actor_id, r.n_replies, r.is_heard, e.n_heard FROM "
        "mart.right_of_reply AS r FULL JOIN (SELECT s.statement_id, t.actor_id, coalesce(h.n, 0) AS n_heard "
        f"FROM {_COUNTED} AS s JOIN core.statement_targets AS t ON t.statement_id = s.statement_id "
        "AND t.target_kind = 'about' AND t.actor_id IS DISTINCT FROM s.speaker_actor_id LEFT JOIN ("
        f"SELECT article_id, speaker_actor_id, count(*) AS n FROM {_COUNTED} WHERE is_counted GROUP BY ALL) AS h "
        "ON h.article_id = s.article_id AND h.speaker_actor_id = t.actor_id WHERE s.is_counted) AS e "
        "ON e.statement_id = r.statement_id AND e.actor_id = r.target_actor_id",
        "SELECT * FROM b WHERE n_replies IS DISTINCT FROM n_heard OR is_heard IS DISTINCT FROM (n_heard > 0)",
        "statement_id",
        "target_actor_id",
    )


def _relays() -> CheckSpec:
    batch = (
        "SELECT coalesce(r.article_id, e.article_id) AS article_id, "
        "coalesce(r.relay_kind, e.relay_kind) AS relay_kind, "
        "coalesce(r.n, 0) AS n_in_mart, coalesce(e.n, 0) AS n_relayed FROM ("
        "SELECT article_id, relay_kind, count(*) AS n FROM mart.relay_chains WHERE relay_kind <> 'source' GROUP BY ALL"
        f") AS r FULL JOIN (SELECT s.article_id, 'statement' AS relay_kind, count(*) AS n FROM {_COUNTED} AS s "
        f"SEMI JOIN {_COUNTED} AS p ON p.statement_id = s.parent_statement_id GROUP BY ALL UNION ALL "
        f"SELECT s.article_id, 'wire', count(*) FROM {_COUNTED} AS s SEMI JOIN (SELECT current_version_id "
        "FROM internal.article_state WHERE wire_agency IS NOT NULL) AS w ON w.current_version_id = s.version_id "
        "GROUP BY ALL) AS e ON e.article_id = r.article_id AND e.relay_kind = r.relay_kind"
    )
    return _check(
        "relay_chains", "every statement inside another, and every one of a wire's article, is relayed once", batch,
        "SELECT * FROM b WHERE n_in_mart <> n_relayed", "article_id", "relay_kind",
    )  # fmt: skip


def _changes() -> CheckSpec:
    lines = "SELECT version_id, count(DISTINCT lineage_key) AS n FROM internal.statement_facts GROUP BY version_id"
    return _check(
        "version_changes",
        "what came, stayed and went are the statements of the two versions",
        "SELECT c.version_id, c.supersedes, c.n_newer AS n_in_mart, coalesce(n.n, 0) AS n_statements, "
        "c.n_older AS n_before_in_mart, coalesce(o.n, 0) AS n_statements_before FROM ("
        "SELECT version_id, supersedes, count(*) FILTER (WHERE subject = 'statement' AND change <> 'removed') "
        "AS n_newer, count(*) FILTER (WHERE subject = 'statement' AND change <> 'added') AS n_older "
        f"FROM mart.version_changes GROUP BY ALL) AS c LEFT JOIN ({lines}) AS n ON n.version_id = c.version_id "
        f"LEFT JOIN ({lines}) AS o ON o.version_id = c.supersedes",
        "SELECT * FROM b WHERE n_in_mart <> n_statements OR n_before_in_mart <> n_statements_before",
        "version_id",
    )


def _coverage() -> CheckSpec:
    return _check(
        "pipeline_coverage",
        "by outlet and day it has every current article, with all of its statements",
        "SELECT coalesce(c.outlet_id, e.outlet_id) AS outlet_id, "
        "coalesce(c.ingest_date, e.ingest_date) AS ingest_date, "
        "c.n_articles AS n_in_mart, e.n_articles, c.n_statements AS n_statements_in_mart, e.n_statements "
        "FROM mart.pipeline_coverage AS c FULL JOIN (SELECT a.outlet_id, a.current_ingest_date AS ingest_date, "
        "count(*) AS n_articles, coalesce(sum(s.n), 0) AS n_statements FROM internal.article_state AS a LEFT JOIN "
        f"(SELECT article_id, count(*) AS n FROM {_COUNTED} GROUP BY article_id) AS s ON s.article_id = a.article_id "
        "GROUP BY ALL) AS e ON e.outlet_id = c.outlet_id AND e.ingest_date = c.ingest_date",
        "SELECT * FROM b WHERE n_in_mart IS DISTINCT FROM n_articles "
        "OR n_statements_in_mart IS DISTINCT FROM n_statements",
        "outlet_id",
        "ingest_date",
    )


# ---------------------------------------------------------------- quotes
def _uses() -> CheckSpec:
    """Return the check that no quote is lost or doubled; by version, so that what it gathers stays small."""
    return _check(
        "quote_uses",
        "a current version's spoken and written quotes of four words or more are there once each",
        "SELECT coalesce(u.version_id, q.version_id) AS version_id, coalesce(u.n, 0) AS n_in_mart, "
        "coalesce(u.n_ids, 0) AS n_ids, coalesce(q.n, 0) AS n_quotes FROM (SELECT version_id, count(*) AS n, "
        "count(DISTINCT quote_id) AS n_ids FROM mart.quote_uses GROUP BY version_id) AS u FULL JOIN ("
        "SELECT q.version_id, count(*) AS n FROM core.quotes AS q JOIN internal.version_state AS s "
        "ON s.version_id = q.version_id AND s.is_current WHERE q.quote_kind IN ('speech', 'written') "
        "AND q.n_words >= 4 GROUP BY q.version_id) AS q ON q.version_id = u.version_id",
        "SELECT * FROM b WHERE n_in_mart <> n_quotes OR n_ids <> n_quotes",
        "version_id",
    )


def _reuse() -> CheckSpec:
    return _check(
        "quote_reuse",
        "a wording has been used as often as its uses are",
        "SELECT coalesce(r.quote_key, u.quote_key) AS quote_key, r.n_uses AS n_in_mart, u.n_counted, r.n_outlets, "
        "u.n_outlets AS n_outlets_counted FROM mart.quote_reuse AS r FULL JOIN (SELECT quote_key, "
        "count(*) AS n_counted, count(DISTINCT outlet_id) AS n_outlets FROM mart.quote_uses WHERE is_counted "
        "GROUP BY quote_key) AS u ON u.quote_key = r.quote_key",
        "SELECT * FROM b WHERE n_in_mart IS DISTINCT FROM n_counted OR n_outlets IS DISTINCT FROM n_outlets_counted",
        "quote_key",
    )


def _one_speaker() -> CheckSpec:
    """Return the check that lists words printed under two names, each with these names."""
    return CheckSpec(
        "quotes_have_one_speaker", "mart.quote_reuse", "warn", "the same words stand under one name",
        "2026-11-30: two names for the same words are far more often an error of ours than news. "
        f"Judged from {MIN_WORDS} words on: fewer may be said by two people on their own.",
        "SELECT quote_key, array_to_string(speakers, ' / ') AS speakers, has_conflicting_attribution "
        f"FROM mart.quote_reuse WHERE n_words >= {MIN_WORDS}",
        Rows("SELECT quote_key, speakers FROM b WHERE has_conflicting_attribution"), ("quote_key", "speakers"),
        reads_views=True, needs_all_days=True,
    )  # fmt: skip


def _firsts() -> CheckSpec:
    return _check(
        "first_seen_quotes",
        "no dated use of a wording is older than the first, and the others are told",
        "SELECT coalesce(f.quote_key, u.quote_key) AS quote_key, f.published_on, u.first_on, f.n_undated, "
        "u.n_undated AS n_undated_uses FROM mart.first_seen_quotes AS f FULL JOIN (SELECT quote_key, "
        "min(published_on) AS first_on, count(*) FILTER (WHERE published_on IS NULL) AS n_undated "
        "FROM mart.quote_uses WHERE is_counted GROUP BY quote_key HAVING min(published_on) IS NOT NULL) AS u "
        "ON u.quote_key = f.quote_key",
        "SELECT * FROM b WHERE published_on IS DISTINCT FROM first_on OR n_undated IS DISTINCT FROM n_undated_uses",
        "quote_key",
    )


def _spread() -> CheckSpec:
    return _check(
        "quote_spread",
        "an outlet has printed a wording as often as its uses there are",
        "SELECT coalesce(s.quote_key, u.quote_key) AS quote_key, coalesce(s.outlet_id, u.outlet_id) AS outlet_id, "
        "s.n_uses AS n_in_mart, u.n_counted FROM mart.quote_spread AS s FULL JOIN (SELECT quote_key, outlet_id, "
        "count(*) AS n_counted FROM mart.quote_uses WHERE is_counted GROUP BY ALL) AS u "
        "ON u.quote_key = s.quote_key AND u.outlet_id = s.outlet_id",
        "SELECT * FROM b WHERE n_in_mart IS DISTINCT FROM n_counted",
        "quote_key",
        "outlet_id",
    )
