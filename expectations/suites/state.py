"""State: tables that later news changes follow from the facts of all days.

Covers each of these tables against the facts that it is made of. For facts of a day, see evidence and reconciliation;
for marts, see marts. It does not cover keys and references (dbt tests).

Nothing here can be cut down to a day, so all but one are left to a run over everything.
"""

from __future__ import annotations

from expectations.spec import CheckSpec, Rows

_FOLLOWS = "2026-11-28: invariant 3. State follows from facts alone; what differs was left by another run."


def checks() -> tuple[CheckSpec, ...]:
    """Return the checks of this module."""
    return (
        _outlets(), _versions(), _article_state(), _articles(), _copies(), _stories(), _wordings(), _entity_actors(),
        _actors(), _aliases(), _roles(), _corrections(), _speakers(), _targets(), _mentions(),
    )  # fmt: skip


def _check(name: str, owner: str, claim: str, reason: str, batch: str, fails: str, *ids: str) -> CheckSpec:
    return CheckSpec(
        name, owner, "block", claim, reason, batch, Rows(fails), ids, reads_views=True, needs_all_days=True
    )


def _outlets() -> CheckSpec:
    return _check(
        "outlets_follow_versions",
        "core.outlets",
        "an outlet has the first and last day of its versions",
        _FOLLOWS,
        "SELECT coalesce(o.outlet_id, v.outlet_id) AS outlet_id, o.name, o.first_seen_on, o.last_seen_on, "
        "v.first_on, v.last_on FROM core.outlets AS o FULL JOIN (SELECT outlet_id, min(ingest_date) AS first_on, "
        "max(ingest_date) AS last_on FROM internal.version_facts GROUP BY outlet_id) AS v ON v.outlet_id = o.outlet_id",
        "SELECT * FROM b WHERE first_seen_on IS DISTINCT FROM first_on OR last_seen_on IS DISTINCT FROM last_on",
        "outlet_id",
    )


def _versions() -> CheckSpec:
    return _check(
        "one_version_is_current",
        "internal.version_state",
        "an article's versions are numbered from 1 without a gap, and one of them is current",
        "2026-11-28: two current versions double every count of the article, none loses it.",
        "SELECT f.article_id, count(*) AS n_versions, count(DISTINCT s.version_no) AS n_numbers, "
        "max(s.version_no) AS last_no, count(*) FILTER (WHERE s.is_current) AS n_current "
        "FROM internal.version_facts AS f LEFT JOIN internal.version_state AS s ON s.version_id = f.version_id "
        "GROUP BY f.article_id",
        "SELECT * FROM b WHERE n_current <> 1 OR n_numbers <> n_versions OR last_no IS DISTINCT FROM n_versions",
        "article_id",
    )


def _article_state() -> CheckSpec:
    return _check(
        "article_state_follows_versions",
        "internal.article_state",
        "every article has its current version, and as many versions as there are",
        _FOLLOWS,
        "SELECT coalesce(a.article_id, v.article_id) AS article_id, a.current_version_id, v.version_id, a.n_versions, "
        "v.n, a.text_sha256 = v.text_sha256 AS is_its_text FROM internal.article_state AS a FULL JOIN ("
        "SELECT f.article_id, count(*) AS n, any_value(f.version_id) FILTER (WHERE s.is_current) AS version_id, "
        "any_value(f.text_sha256) FILTER (WHERE s.is_current) AS text_sha256 FROM internal.version_facts AS f "
        "LEFT JOIN internal.version_state AS s ON s.version_id = f.version_id GROUP BY f.article_id) AS v "
        "ON v.article_id = a.article_id",
        "SELECT * FROM b WHERE current_version_id IS DISTINCT FROM version_id OR n_versions IS DISTINCT FROM n "
        "OR is_its_text IS NOT TRUE",
        "article_id",
    )


def _articles() -> CheckSpec:
    return _check(
        "articles_are_all_there",
        "core.articles",
        "every article of which there is a version is in core.articles once",
        "2026-11-28: an article that is missing here is missing in every count.",
        "SELECT coalesce(v.article_id, a.article_id) AS article_id, v.n_versions, coalesce(a.n, 0) AS n_rows FROM "
        "(SELECT article_id, count(*) AS n_versions FROM internal.version_facts GROUP BY article_id) AS v FULL JOIN "
        "(SELECT article_id, count(*) AS n FROM core.articles GROUP BY article_id) AS a "
        "ON a.article_id = v.article_id",
        "SELECT * FROM b WHERE n_rows <> 1 OR n_versions IS NULL",
        "article_id",
    )


def _copies() -> CheckSpec:
    """Return the check of the day's near copies against the stories, which are few: only copies are in one."""
    return CheckSpec(
        "near_copies_are_one_story", "core.near_copies", "block",
        "two articles that are near copies are of one story",
        "2026-11-28: counts take one copy of each story, so a copy outside it is counted twice.",
        "SELECT version_id, earlier_version_id, article_id, earlier_article_id FROM core.near_copies "
        "WHERE @days(ingest_date)",
        Rows("SELECT b.*, s.near_dup_group, e.near_dup_group AS earlier_near_dup_group FROM b "
             "LEFT JOIN internal.story_groups AS s ON s.article_id = b.article_id "
             "LEFT JOIN internal.story_groups AS e ON e.article_id = b.earlier_article_id "
             "WHERE s.near_dup_group IS NULL OR s.near_dup_group IS DISTINCT FROM e.near_dup_group"),
        ("version_id", "earlier_version_id"),
    )  # fmt: skip


def _stories() -> CheckSpec:
    return _check(
        "stories_are_of_near_copies",
        "internal.story_groups",
        "a story has two articles or more, each a near copy of another",
        "2026-11-28: counts leave out all but one article of a story: one that is no copy would be lost.",
        "SELECT g.near_dup_group, count(*) AS n_articles, count(c.article_id) AS n_copies "
        "FROM internal.story_groups AS g LEFT JOIN (SELECT article_id FROM core.near_copies UNION "
        "SELECT earlier_article_id FROM core.near_copies) AS c "
        "ON c.article_id = g.article_id GROUP BY g.near_dup_group",
        "SELECT * FROM b WHERE n_articles < 2 OR n_copies <> n_articles",
        "near_dup_group",
    )


def _wordings() -> CheckSpec:
    return _check(
        "wordings_are_printed",
        "internal.quote_clusters",
        "near wordings are two or more, all of them printed, and one of them is the head",
        "2026-11-28: the marts on quotes name a wording by its head.",
        "SELECT c.cluster_id, count(*) AS n_wordings, count(q.canonical_quote_id) AS n_printed, "
        "count(*) FILTER (WHERE c.method = 'head' AND c.canonical_quote_id = c.cluster_id) AS n_heads "
        "FROM internal.quote_clusters AS c LEFT JOIN (SELECT DISTINCT canonical_quote_id FROM core.quotes) AS q "
        "ON q.canonical_quote_id = c.canonical_quote_id GROUP BY c.cluster_id",
        "SELECT * FROM b WHERE n_wordings < 2 OR n_heads <> 1 OR n_printed <> n_wordings",
        "cluster_id",
    )


def _entity_actors() -> CheckSpec:
    return _check(
        "entities_are_actors_that_stand",
        "internal.entity_actors",
        "no entity is an actor that was merged into another",
        "2026-11-28: a merge that is not followed to its end counts one person twice.",
        "SELECT l.actor_id, count(*) AS n_entities, any_value(a.canonical_name) AS canonical_name, "
        "any_value(a.merged_into) AS merged_into FROM internal.entity_actors AS l "
        "LEFT JOIN core.actors AS a ON a.actor_id = l.actor_id GROUP BY l.actor_id",
        # Of merges that go round in a circle the first stands, so that only one that leads on is wrong.
        "SELECT b.* FROM b JOIN core.actors AS t ON t.actor_id = b.merged_into WHERE t.merged_into IS NULL",
        "actor_id",
    )


def _actors() -> CheckSpec:
    return _check(
        "actors_are_seen_on_their_days",
        "core.actors",
        "an actor's first and last day hold those of its entities",
        f"{_FOLLOWS} What a person has corrected (merges, splits) is left out: an actor keeps its own days.",
        "SELECT a.actor_id, a.canonical_name, a.first_seen_on, a.last_seen_on, min(e.ingest_date) AS first_on, "
        "max(e.ingest_date) AS last_on FROM core.actors AS a "
        "JOIN internal.entity_actors AS l ON l.actor_id = a.actor_id AND l.method <> 'override' "
        "JOIN internal.entities AS e ON e.entity_id = l.entity_id "
        "ANTI JOIN core.actors AS m ON m.merged_into = a.actor_id GROUP BY ALL",
        "SELECT * FROM b WHERE first_on < first_seen_on OR last_on > last_seen_on",
        "actor_id",
    )


def _aliases() -> CheckSpec:
    return _check(
        "aliases_are_printed",
        "core.actor_aliases",
        "an actor's names were printed no more often than it is mentioned",
        f"{_FOLLOWS} Judged while nobody has merged or split an actor: then names stay with the one they were of.",
        "SELECT a.actor_id, a.n_named, coalesce(m.n, 0) AS n_mentioned FROM "
        "(SELECT actor_id, CAST(sum(n_mentions) AS BIGINT) AS n_named FROM core.actor_aliases GROUP BY actor_id) AS a "
        "LEFT JOIN (SELECT l.actor_id, CAST(sum(e.n_mentions) AS BIGINT) AS n FROM internal.entity_actors AS l "
        "JOIN internal.entities AS e ON e.entity_id = l.entity_id GROUP BY l.actor_id) AS m ON m.actor_id = a.actor_id "
        "WHERE NOT EXISTS (FROM internal.entity_actors WHERE method = 'override') "
        "AND NOT EXISTS (FROM core.actors WHERE merged_into IS NOT NULL)",
        "SELECT * FROM b WHERE n_named > n_mentioned",
        "actor_id",
    )


def _roles() -> CheckSpec:
    return _check(
        "roles_are_printed",
        "core.actor_roles",
        "no more versions give an actor a role than mention the actor",
        f"{_FOLLOWS} An actor that was merged into another has its roles still, and no mention.",
        "SELECT r.role_id, r.actor_id, r.role_title, r.n_articles, coalesce(m.n, 0) AS n_versions "
        "FROM core.actor_roles AS r JOIN core.actors AS a ON a.actor_id = r.actor_id AND a.merged_into IS NULL "
        "LEFT JOIN (SELECT l.actor_id, count(DISTINCT e.version_id) AS n FROM internal.entity_actors AS l "
        "JOIN internal.entities AS e ON e.entity_id = l.entity_id GROUP BY l.actor_id) AS m ON m.actor_id = r.actor_id "
        "WHERE r.source = 'text'",
        "SELECT * FROM b WHERE n_articles > n_versions",
        "role_id",
    )


def _corrections() -> CheckSpec:
    return _check(
        "corrections_hold",
        "internal.statement_overrides",
        "a statement has the speaker that a person has given it",
        "2026-11-28: what somebody has looked at and corrected must not come back.",
        "SELECT o.statement_id, o.override_id, o.actor_id, s.speaker_actor_id, s.attribution_method "
        "FROM internal.statement_overrides AS o LEFT JOIN core.statements AS s ON s.statement_id = o.statement_id",
        "SELECT * FROM b WHERE speaker_actor_id IS DISTINCT FROM actor_id "
        "OR attribution_method IS DISTINCT FROM 'override'",
        "statement_id",
    )


def _speakers() -> CheckSpec:
    return _check(
        "speakers_agree",
        "core.statement_speakers",
        "the speaker of a statement is the first, or one of the first, of its possible speakers",
        "2026-11-28: two tables that name different speakers make both unusable.",
        "SELECT s.statement_id, s.speaker_actor_id, p.first_speakers FROM core.statements AS s LEFT JOIN "
        "(SELECT statement_id, list(actor_id) AS first_speakers FROM core.statement_speakers WHERE speaker_rank = 1 "
        "GROUP BY statement_id) AS p ON p.statement_id = s.statement_id "
        "WHERE s.speaker_actor_id IS NOT NULL OR p.first_speakers IS NOT NULL",
        "SELECT * FROM b WHERE (CASE WHEN speaker_actor_id IS NOT NULL "
        "THEN list_contains(first_speakers, speaker_actor_id) END) IS NOT TRUE",
        "statement_id",
    )


def _targets() -> CheckSpec:
    return _check(
        "targets_follow_entities",
        "core.statement_targets",
        "a statement has as many targets as actors that its entities are",
        _FOLLOWS,
        "SELECT coalesce(e.statement_id, t.statement_id) AS statement_id, coalesce(e.n, 0) AS n_expected, "
        "coalesce(t.n, 0) AS n_targets FROM (SELECT f.statement_id, count(DISTINCT (f.target_kind, l.actor_id)) AS n "
        "FROM internal.statement_target_entities AS f JOIN internal.entity_actors AS l ON l.entity_id = f.entity_id "
        "GROUP BY f.statement_id) AS e FULL JOIN (SELECT statement_id, count(*) AS n FROM core.statement_targets "
        "GROUP BY statement_id) AS t ON t.statement_id = e.statement_id",
        "SELECT * FROM b WHERE n_targets <> n_expected",
        "statement_id",
    )


def _mentions() -> CheckSpec:
    """Return the check on the largest view: by version, so that what it gathers stays small."""
    return _check(
        "mention_links_follow_entities",
        "internal.mention_links",
        "a version's mentions are linked to as many actors as their entities are",
        _FOLLOWS,
        "SELECT coalesce(e.version_id, v.version_id) AS version_id, coalesce(e.n, 0) AS n_expected, "
        "coalesce(v.n, 0) AS n_links FROM (SELECT f.version_id, count(DISTINCT (f.mention_id, l.actor_id)) AS n "
        "FROM internal.mention_entities AS f JOIN internal.entity_actors AS l ON l.entity_id = f.entity_id "
        "GROUP BY f.version_id) AS e FULL JOIN (SELECT m.version_id, count(*) AS n FROM internal.mention_links AS k "
        "LEFT JOIN core.mentions AS m ON m.mention_id = k.mention_id GROUP BY m.version_id) AS v "
        "ON v.version_id = e.version_id",
        "SELECT * FROM b WHERE n_links <> n_expected",
        "version_id",
    )
