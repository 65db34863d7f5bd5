"""Tables that tell what ran, what was refused, what was published."""

from __future__ import annotations

from dataclasses import replace

from pipelines.contracts.columns import INGEST_DATE, OUTCOMES, maybe
from pipelines.contracts.lake import PIPELINE_RUNS, QUARANTINE, RAW_DOCUMENTS, SIGHTING_OUTCOMES, SIGHTINGS
from pipelines.contracts.model import Column, Table
from pipelines.contracts.state import OVERRIDES

# ---------------------------------------------------------------- ops
OPS_RAW_DOCUMENTS = replace(
    RAW_DOCUMENTS, layer="ops", columns=tuple(c for c in RAW_DOCUMENTS.columns if c.name != "bytes")
)
OPS_SIGHTINGS = Table(
    "ops", "sightings", "one row per meeting with a record, and what became of it", ("sighting_id",),
    (
        *(c for c in SIGHTINGS.columns if c.name not in ("refusal_rule", "refusal_detail")),
        *(maybe(c) if c.name == "outcome" else c for c in SIGHTING_OUTCOMES.columns
          if c.name in ("outcome", "outcome_reason", "version_id", "batch_order")),
    ),
)  # fmt: skip
OPS_QUARANTINE = replace(QUARANTINE, layer="ops")
OPEN_REFUSALS = Table(
    "ops",
    "open_refusals",
    "one row per refused record or failed article that has not come through since",
    ("quarantine_id",),
    tuple(c for c in QUARANTINE.columns if c.name != "resolved_at"),
    is_view=True,
)
SOURCE_RATES = Table(
    "ops", "source_rates", "one row per source and ingest day: what it brought, what was refused, what was missing",
    ("source_name", "ingest_date"),
    (
        INGEST_DATE,
        Column("source_name", "str", "The source's name in the settings."),
        Column("n_seen", "int", "Records met."),
        Column("n_new", "int", "Of these, with other bytes than the last ones at their place."),
        *(Column(f"n_{outcome}", "int", f"Of the new ones, {outcome} (see ops.sightings).") for outcome in OUTCOMES),
        Column("n_no_date", "int", "Of the parsed ones, without a day of publication."),
        Column("n_no_author", "int", "Of the parsed ones, without byline and author."),
        Column("n_no_headline", "int", "Of the parsed ones, without a headline."),
        Column("n_no_url", "int", "Of the parsed ones, without a URL."),
        Column("last_seen_at", "instant", "When a record of it was last met that day.", volatile=True),
    ),
)  # fmt: skip
OPS_PIPELINE_RUNS = replace(PIPELINE_RUNS, layer="ops")
CHECK_RESULTS = Table(
    "ops", "check_results", "one row per check of the build that made this file", ("check_name", "table_name"),
    (
        Column("check_name", "str", "The check."),
        Column("table_name", "str", "What it looked at."),
        Column("passed", "bool", "Whether it held."),
        Column("severity", "str", "block stops a publication; warn does not.", allowed=("block", "warn")),
        Column("n_checked", "int", "Rows looked at.", nullable=True),
        Column("n_failed", "int", "Rows that broke it.", nullable=True),
        Column("detail", "json", "What was observed, with some of the rows that broke it, as JSON.", volatile=True),
        Column("checked_at", "instant", "When.", volatile=True),
    ),
)  # fmt: skip
EXTRACTORS = Table(
    "ops", "extractors", "one row per extraction_id in the file", ("extraction_id",),
    (
        Column("extraction_id", "str", "mk_id('extractor', name, version, model_sha256)."),
        Column("name", "str", "Name of the tagger."),
        Column("version", "str", "Version of model and code."),
        Column("model_sha256", "str", "Hash of the model's files, of the lexicon and of a user's own words."),
    ),
)  # fmt: skip
RESOLVERS = Table(
    "ops", "resolvers", "one row per resolution_id in the file", ("resolution_id",),
    (
        Column("resolution_id", "str", "mk_id('resolver', version, ref_data_sha256, overrides_sha256)."),
        Column("version", "str", "Version of the code."),
        Column("ref_data_sha256", "str", "Hash of the reference data."),
        Column("overrides_sha256", "str", "Hash of the human corrections."),
    ),
)  # fmt: skip
OPS_OVERRIDES = replace(OVERRIDES, layer="ops")
CHANGES = Table(
    "ops", "changes", "one row per thing that changed in who is who since the publication before this one",
    ("change", "subject_id"),
    (
        Column("change", "str", "What changed.",
               allowed=("added", "removed", "renamed", "retyped", "merged", "moved")),
        Column("actor_id", "str", "The actor; for moved the one that the entity is now."),
        Column("subject_id", "str", "What changed: moved: the entity that was another actor; else the actor."),
        Column("before", "str", "What it was: name, type or actor_id.", nullable=True),
        Column("after", "str", "What it is.", nullable=True),
    ),
)  # fmt: skip
REPROCESSING = Table(
    "ops", "reprocessing",
    "one row per source and kind of change in records that the publication before this one had already",
    ("source_name", "what", "effect"),
    (
        Column("source_name", "str", "The source's name in the settings."),
        Column("what", "str", "What changed: version, statement, text, or the name of another field."),
        Column("effect", "str", "How: came and went of versions and statements; filled, emptied or other of fields.",
               allowed=("came", "went", "filled", "emptied", "other")),
        Column("n_changes", "int", "Versions, statements or values that changed so."),
        Column("n_versions", "int", "Versions in which they are."),
        Column("n_chars_before", "int", "Characters of these texts before; NULL but for text.", nullable=True),
        Column("n_chars_after", "int", "Characters of these texts now; NULL but for text.", nullable=True),
        Column("example_version_id", "str", "One of these versions."),
    ),
)  # fmt: skip
TAKEDOWNS = Table(
    "ops", "takedowns", "one row per article that was taken down and is kept out", ("takedown_id",),
    (
        Column("takedown_id", "str", "mk_id('takedown', target)."),
        Column("target", "str", "The URL in its one form, or the article_id, that was to be forgotten."),
        Column("reason", "str", "Why, as given.", nullable=True),
        Column("forgotten_at", "instant", "When."),
        Column("made_by", "str", "Who said so."),
        Column("n_records", "int", "Distinct records (bytes) that carried it, so far."),
        Column("n_texts", "int", "Distinct texts that they gave."),
    ),
)  # fmt: skip
PUBLICATION = Table(
    "ops", "publication", "one row: this file", ("publication_id",),
    (
        Column("publication_id", "str", "Name of the publication, and of the file when it is kept as an earlier one.",
               volatile=True),
        Column("published_at", "instant", "When.", volatile=True),
        Column("contract_version", "int", "Version of these column contracts."),
        Column("code_version", "str", "Version of OnRecord."),
    ),
)  # fmt: skip
