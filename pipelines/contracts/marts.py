"""Marts: a table or view for each question."""

from __future__ import annotations

from dataclasses import replace

from pipelines.contracts.columns import (
    ACTOR_TYPES,
    AGENCY,
    ANONYMITY,
    ARTICLE_ID,
    CHAR_END,
    CHAR_START,
    CUE_CLASS,
    EXCLUDED_REASONS,
    EXTRACTION_ID,
    GENDER,
    INGEST_DATE,
    N_ARTICLES,
    N_STATEMENTS,
    ON_DATE,
    OUTLET,
    OUTLET_ID,
    QUOTE_KINDS,
    ROLE_CLASSES,
    SOURCE_KINDS,
    SPEAKER_ID,
    SPEAKER_KIND,
    VERSION_ID,
)
from pipelines.contracts.core import CORE_STATEMENTS
from pipelines.contracts.model import Column, Table

# ---------------------------------------------------------------- marts
_SPEAKER = Column("speaker", "str", "Canonical name of the actor, else '(unattributed)' or '(unresolved)'.")
_LEFT_OUT = (
    Column("n_excluded", "int", "Statements left out of the counts."),
    Column("excluded_reasons", "counts", "How many of these for which reason (see statements_counted)."),
)
_N_STORIES = Column("n_stories", "int", "Stories with a counted one: near copies are one story.")
_N_OUTLETS = Column("n_outlets", "int", "Outlets with a counted one.")
_SPEAKER_TYPE = Column("speaker_type", "str", "What kind of actor.", allowed=ACTOR_TYPES)
_SPEAKER_COUNTRY = Column("speaker_country", "str", "ISO 3166-1 alpha-3 code of the actor.", nullable=True)
_SPEAKER_GENDER = replace(GENDER, name="speaker_gender", text="Gender of the actor as the texts tell it, never by a "
                          "given name (see actors.gender_basis); NULL: they tell none, or not clearly.")  # fmt: skip
_WORDING = Column("verbatim", "str", "The words between the marks, as printed.")
_QUOTE_KEY = Column("quote_key", "str", "Near wordings share it: the canonical_quote_id of the longest.")
_CURRENT_COLUMNS = (
    *CORE_STATEMENTS.columns,
    ARTICLE_ID,
    Column("outlet_id", "str", "The outlet."),
    OUTLET,
    Column("near_dup_group", "str", "Near copies of one story share it.", nullable=True),
    Column("headline", "str", "Headline of the article.", nullable=True),
    Column("url", "str", "Canonical URL of the article.", nullable=True),
    Column("published_at", "instant", "Instant of publication.", nullable=True),
    Column("published_on", "date", "Day of publication.", nullable=True),
    Column("text_sha256", "str", "Hash of the text that the offsets refer to."),
    _SPEAKER,
    Column("speaker_type", "str", "What kind of actor.", nullable=True, allowed=ACTOR_TYPES),
    Column("speaker_country", "str", "ISO 3166-1 alpha-3 code of the actor.", nullable=True),
    _SPEAKER_GENDER, SPEAKER_KIND, ANONYMITY,
    Column("on_date", "date", "stated_date, else the day of publication; NULL if neither is known.", nullable=True),
    Column("is_retracted", "bool", "The current text withdraws the article."),
    Column("quality_flags", "strs", "Quality flags of the version."),
)  # fmt: skip
STATEMENTS_CURRENT = Table(
    "mart", "statements_current", "one row per statement of a current version: where analysts start",
    ("statement_id",), _CURRENT_COLUMNS, is_view=True,
)  # fmt: skip
STATEMENTS_COUNTED = Table(
    "mart", "statements_counted", "one row per statement of a current version, with why it is left out of counts",
    ("statement_id",),
    (
        *_CURRENT_COLUMNS,
        Column("is_counted", "bool", "It is in the default counts."),
        Column("excluded_reason", "str", "The first rule that leaves it out; NULL: counted.", nullable=True,
               allowed=EXCLUDED_REASONS),
    ),
    is_view=True,
)  # fmt: skip
SPEAKER_COUNTS = Table(
    "mart", "speaker_counts", "one row per actor: who is quoted most", ("speaker_actor_id",),
    (
        replace(SPEAKER_ID, nullable=False), _SPEAKER, _SPEAKER_TYPE, _SPEAKER_COUNTRY,
        N_STATEMENTS,
        Column("n_with_quotes", "int", "Of these, with words in quotation marks."),
        N_ARTICLES, _N_STORIES, _N_OUTLETS, *_LEFT_OUT,
        Column("first_on", "date", "First day.", nullable=True),
        Column("last_on", "date", "Last day.", nullable=True),
        Column("mean_confidence", "float", "Mean attribution_confidence of the counted statements.", nullable=True),
    ),
)  # fmt: skip
SHARE_OF_VOICE = Table(
    "mart", "share_of_voice", "one row per outlet and speaker: whose voice fills the outlet",
    ("outlet_id", "speaker_actor_id", "speaker"),
    (
        OUTLET_ID, OUTLET, SPEAKER_ID, _SPEAKER, N_STATEMENTS, *_LEFT_OUT,
        Column("share", "float", "Share of the outlet's counted statements, 0 to 1; those of no known speaker are in "
               "the whole.", nullable=True),
        Column("content_chars", "int", "Code points of content in the counted statements."),
        Column("share_chars", "float", "Share of the outlet's counted content, 0 to 1.", nullable=True),
        Column("rank_in_outlet", "int", "1 for the most quoted actor of the outlet; equals share it. NULL: no known "
               "actor.", nullable=True),
    ),
)  # fmt: skip
VOICE_BY_DAY = Table(
    "mart", "voice_by_day", "one row per day and actor: whose voice rises or falls", ("on_date", "speaker_actor_id"),
    (
        ON_DATE, replace(SPEAKER_ID, nullable=False), _SPEAKER, N_STATEMENTS, *_LEFT_OUT, _N_STORIES, _N_OUTLETS,
        Column("n_statements_of_day", "int", "Counted statements of that day, by whomever: the whole of the share."),
        Column("share", "float", "n_statements of n_statements_of_day, 0 to 1.", nullable=True),
    ),
    is_view=True,
)  # fmt: skip
OUTLET_COUNTS = Table(
    "mart", "outlet_counts", "one row per outlet: how much of it is counted, and what is left out", ("outlet_id",),
    (OUTLET_ID, OUTLET, N_STATEMENTS, N_ARTICLES, *_LEFT_OUT),
    is_view=True,
)  # fmt: skip
AGENCY_SHARE = Table(
    "mart", "agency_share", "one row per outlet and news agency: how much of what it prints is the agency's",
    ("outlet_id", "agency"),
    (
        OUTLET_ID, OUTLET, AGENCY, N_STATEMENTS, N_ARTICLES, *_LEFT_OUT,
        Column("share", "float", "Share of the outlet's counted statements, 0 to 1.", nullable=True),
    ),
    is_view=True,
)  # fmt: skip
OUTLET_DIVERSITY = Table(
    "mart", "outlet_diversity", "one row per outlet: how many voices it has, and how evenly", ("outlet_id",),
    (
        OUTLET_ID, OUTLET,
        Column("n_statements", "int", "Counted statements with a known actor."),
        *_LEFT_OUT,
        Column("n_unknown", "int", "Counted statements without a known actor: no voice can be given to them."),
        Column("n_speakers", "int", "Actors with a counted statement."),
        Column("top_speaker_share", "float", "Share of the most quoted actor, 0 to 1.", nullable=True),
        Column("hhi", "float", "Herfindahl-Hirschman index: sum of squared shares; 1: one voice.", nullable=True),
        Column("shannon", "float", "Shannon entropy of the shares, in nats.", nullable=True),
        Column("effective_speakers", "float", "exp(shannon): as many equal voices would be as diverse.",
               nullable=True),
    ),
)  # fmt: skip
VOICES_BY_ROLE = Table(
    "mart", "voices_by_role", "one row per outlet, kind of speaker and kind of role: which part of society speaks",
    ("outlet_id", "speaker_type", "role_class"),
    (
        OUTLET_ID, OUTLET,
        Column("speaker_type", "str", "What kind of actor; unknown where the speaker is not known.",
               allowed=ACTOR_TYPES),
        Column("role_class", "str", "Kind of the role that most articles give the actor; NULL: none is known.",
               nullable=True, allowed=ROLE_CLASSES),
        N_STATEMENTS, *_LEFT_OUT,
        Column("n_speakers", "int", "Actors with a counted statement."),
        Column("share", "float", "Share of the outlet's counted statements, 0 to 1.", nullable=True),
    ),
)  # fmt: skip
VOICES_BY_GENDER = Table(
    "mart", "voices_by_gender", "one row per outlet, day and gender of the persons quoted: how many women and men",
    ("outlet_id", "on_date", "speaker_gender"),
    (
        OUTLET_ID, OUTLET, ON_DATE, _SPEAKER_GENDER,
        Column("n_statements", "int", "Statements counted of known persons."),
        Column("n_with_quotes", "int", "Of these, with words in quotation marks."),
        Column("n_speakers", "int", "Persons with a counted statement."),
        _N_STORIES, *_LEFT_OUT,
        Column("share", "float", "Share of the counted statements of known persons of that outlet and day, 0 to 1.",
               nullable=True),
    ),
    is_view=True,
)  # fmt: skip
VOICES_BY_KIND = Table(
    "mart", "voices_by_kind", "one row per outlet and kind of speaker: which parts of society speak",
    ("outlet_id", "speaker_kind"),
    (
        OUTLET_ID, OUTLET,
        replace(SPEAKER_KIND, text="Part of society (see statements_current.speaker_kind); NULL: of a known actor not "
                "told."),
        Column("n_statements", "int", "Statements counted of known actors."),
        Column("n_with_quotes", "int", "Of these, with words in quotation marks."),
        Column("n_speakers", "int", "Actors with a counted statement."),
        _N_STORIES, *_LEFT_OUT,
        Column("share", "float", "Share of the outlet's counted statements of known actors, 0 to 1.", nullable=True),
    ),
    is_view=True,
)  # fmt: skip
QUOTE_USES = Table(
    "mart", "quote_uses", "one row per quote of four words or more in a current version: where words were printed",
    ("quote_id",),
    (
        Column("quote_id", "str", "The quote."),
        _QUOTE_KEY,
        Column("canonical_quote_id", "str", "The same words anywhere have the same id."),
        _WORDING,
        Column("n_words", "int", "Number of words."),
        Column("quote_kind", "str", "Speech or written words.", allowed=QUOTE_KINDS),
        VERSION_ID, Column("char_start", "int", "First code point, the opening mark included."),
        ARTICLE_ID,
        Column("story", "str", "The article, or the group of near copies that it belongs to."),
        OUTLET_ID, OUTLET,
        Column("headline", "str", "Headline of the article.", nullable=True),
        Column("url", "str", "Canonical URL of the article.", nullable=True),
        Column("published_on", "date", "Day of publication.", nullable=True),
        Column("published_at", "instant", "Instant of publication.", nullable=True),
        Column("statement_id", "str", "The statement that it is part of; of several, the one whose speaker is surest.",
               nullable=True),
        SPEAKER_ID,
        Column("speaker", "str", "Canonical name of the actor; NULL: not known.", nullable=True),
        Column("is_counted", "bool", "It is in the default counts. Copies of a story are: they carried the words."),
        Column("excluded_reason", "str", "Why not: retracted or quality.", nullable=True,
               allowed=EXCLUDED_REASONS),
    ),
    is_view=True,
)  # fmt: skip
QUOTE_REUSE = Table(
    "mart", "quote_reuse", "one row per wording of four words or more, near ones taken together: who carried it",
    ("quote_key",),
    (
        _QUOTE_KEY,
        Column("longest_wording", "str", "The longest form that was printed."),
        Column("n_words", "int", "Words of the longest form. A few words may be said by two people on their own."),
        Column("n_wordings", "int", "Different wordings, case and marks included."),
        Column("n_uses", "int", "Times printed."),
        Column("n_excluded", "int", "Times printed in articles left out of the counts."),
        Column("excluded_reasons", "counts", "How many of these for which reason."),
        Column("n_articles", "int", "Articles."),
        Column("n_stories", "int", "Stories: near copies count once."),
        Column("n_outlets", "int", "Outlets."),
        Column("outlets", "strs", "Their names, in alphabetical order."),
        Column("speakers", "strs", "Whom it was attributed to, in alphabetical order."),
        Column("n_unattributed", "int", "Times printed without a known speaker."),
        Column("has_conflicting_attribution", "bool", "Different actors are given for the same words."),
        Column("first_on", "date", "First day of publication.", nullable=True),
        Column("last_on", "date", "Last day of publication.", nullable=True),
    ),
)  # fmt: skip
FIRST_SEEN_QUOTES = Table(
    "mart", "first_seen_quotes", "one row per wording with a dated use: who printed it first", ("quote_key",),
    (
        _QUOTE_KEY,
        Column("verbatim", "str", "The words between the marks, as first printed."),
        OUTLET_ID, OUTLET, ARTICLE_ID,
        Column("quote_id", "str", "The quote."),
        Column("published_on", "date", "Day of publication."),
        Column("published_at", "instant", "Instant of publication.", nullable=True),
        SPEAKER_ID,
        Column("speaker", "str", "Canonical name of the actor; NULL: not known.", nullable=True),
        Column("n_outlets", "int", "Outlets that printed it, this one included."),
        Column("is_tied", "bool", "Another outlet printed it that day, and the hours do not tell who was first."),
        Column("n_undated", "int", "Uses whose day is not known: one of them may have been earlier."),
    ),
)  # fmt: skip
QUOTE_SPREAD = Table(
    "mart", "quote_spread", "one row per wording and outlet: how words went from outlet to outlet",
    ("quote_key", "outlet_id"),
    (
        _QUOTE_KEY, OUTLET_ID, OUTLET,
        Column("verbatim", "str", "The longest form that the outlet printed."),
        Column("n_uses", "int", "Times that it printed it."),
        Column("n_articles", "int", "Articles."),
        Column("first_on", "date", "First day of publication there.", nullable=True),
        Column("last_on", "date", "Last day of publication there.", nullable=True),
        Column("days_after_first", "int", "Days after the first outlet.", nullable=True),
        Column("share_of_words", "float", "Words of its longest form for one word of the longest of all, 0 to 1."),
        Column("speakers", "strs", "Whom it names, in alphabetical order."),
        Column("n_outlets", "int", "Outlets that printed the wording."),
    ),
)  # fmt: skip
ACTOR_TIMELINE = Table(
    "mart", "actor_timeline", "one row per statement with a known actor: what an actor said, in order",
    ("statement_id",),
    (
        replace(SPEAKER_ID, nullable=False), _SPEAKER,
        *(c for c in _CURRENT_COLUMNS if c.name in (
            "ingest_date", "on_date", "stated_date_basis", "published_at", "published_on", "outlet", "headline", "url",
            "statement_type", "speaker_role", "source_text", "cue_text", "cue_class", "content_text", "section", "tier",
            "depth", "polarity", "attribution_method", "attribution_confidence", "statement_id", "version_id",
            "article_id")),
        *STATEMENTS_COUNTED.columns[-2:],
    ),
    is_view=True,
)  # fmt: skip
SPEECH_ACTS_BY_DAY = Table(
    "mart", "speech_acts_by_day", "one row per day, kind of speech act and speaker: denials, warnings, promises",
    ("on_date", "cue_class", "speaker_actor_id", "speaker"),
    (
        ON_DATE, CUE_CLASS, SPEAKER_ID, _SPEAKER, _SPEAKER_COUNTRY, N_STATEMENTS, *_LEFT_OUT, _N_STORIES,
        _N_OUTLETS,
    ),
    is_view=True,
)  # fmt: skip
ATTRIBUTION_GAPS = Table(
    "mart", "attribution_gaps", "one row per outlet: how much of what it prints has no known speaker", ("outlet_id",),
    (
        OUTLET_ID, OUTLET,
        Column("n_statements", "int", "Statements looked at: beside those counted also those of tier extended, where "
               "what has no source lies, and copies, which the outlet has printed too."),
        *_LEFT_OUT,
        Column("share_unattributed", "float", "No source in the text.", nullable=True),
        Column("share_anonymous", "float", "An anonymous or role-only source.", nullable=True),
        Column("share_collective", "float", "Several or a group as the source.", nullable=True),
        Column("share_unresolved", "float", "A source in the text, but no actor.", nullable=True),
        Column("share_inferred_speaker", "float", "Pronoun, elided subject or carried forward.", nullable=True),
    ),
    is_view=True,
)  # fmt: skip
ANONYMOUS_SOURCES = Table(
    "mart", "anonymous_sources", "one row per outlet and unnamed source, as printed: who is quoted without a name",
    ("outlet_id", "anonymity", "source_kind", "source"),
    (
        OUTLET_ID, OUTLET,
        replace(ANONYMITY, text="by_choice: introduced without a name; spokesperson: unnamed, of a body or person that "
                "is named. What we did not resolve is not here (see attribution_gaps).", nullable=False),
        Column("source_kind", "str", "anonymous: the text withholds the name; role_only: it gives a role only; "
               "collective: several people without names.", allowed=SOURCE_KINDS),
        Column("source", "str", "The source as printed, in lower case, without article and with single spaces."),
        N_STATEMENTS,
        Column("n_with_quotes", "int", "Of these, with words in quotation marks."),
        N_ARTICLES, _N_STORIES, *_LEFT_OUT,
        Column("first_on", "date", "First day.", nullable=True),
        Column("last_on", "date", "Last day.", nullable=True),
    ),
)  # fmt: skip
EVIDENCE = Table(
    "mart", "evidence", "one row per span of a statement, with the text cut out of the article again",
    ("statement_id", "span_kind", "span_no"),
    (
        INGEST_DATE,
        Column("statement_id", "str", "The statement."),
        Column("span_kind", "str", "What the span is.",
               allowed=("source", "cue", "content", "addressee", "time", "venue")),
        Column("span_no", "int", "Order among the spans of its kind, from 0."),
        CHAR_START, CHAR_END,
        Column("span_text", "str", "The span as stored."),
        Column("text_at_offsets", "str", "The article's text at these offsets."),
        Column("is_match", "bool", "The two are equal."),
        VERSION_ID,
        Column("text_sha256", "str", "Hash of the article's text."),
        Column("raw_id", "str", "Hash of the bytes that the text was read from."),
        EXTRACTION_ID,
    ),
    is_view=True,
)  # fmt: skip
_TARGET_COLUMNS = (
    Column("target_kind", "str", "Addressed, spoken about, or the one who relayed it.",
           allowed=("addressee", "about", "relayed_by")),
    Column("target_actor_id", "str", "To, about or through whom."),
    Column("target", "str", "Canonical name of the target."),
)  # fmt: skip
WHO_ABOUT_WHOM = Table(
    "mart", "who_about_whom", "one row per speaker, target and cue class: who speaks to and about whom",
    ("speaker_actor_id", "target_kind", "target_actor_id", "cue_class"),
    (
        Column("speaker_actor_id", "str", "Who speaks."),
        Column("speaker", "str", "Canonical name of the speaker."),
        *_TARGET_COLUMNS, CUE_CLASS, N_STATEMENTS, *_LEFT_OUT, N_ARTICLES, _N_OUTLETS,
        Column("first_on", "date", "First day.", nullable=True),
        Column("last_on", "date", "Last day.", nullable=True),
    ),
)  # fmt: skip
RIGHT_OF_REPLY = Table(
    "mart", "right_of_reply", "one row per counted statement and actor that it is about: is that actor heard too",
    ("statement_id", "target_actor_id"),
    (
        Column("statement_id", "str", "The statement."),
        ARTICLE_ID, OUTLET_ID, OUTLET,
        Column("headline", "str", "Headline of the article.", nullable=True),
        ON_DATE, SPEAKER_ID, _SPEAKER, CUE_CLASS,
        Column("content_text", "str", "Content spans as printed, joined by a space."),
        Column("target_actor_id", "str", "About whom."),
        Column("target", "str", "Canonical name of the target."),
        Column("n_replies", "int", "Counted statements of the target in the same article."),
        Column("is_heard", "bool", "There is one."),
    ),
    is_view=True,
)  # fmt: skip
RELAY_CHAINS = Table(
    "mart", "relay_chains", "one row per statement and relay of it: who quotes whom through whom",
    ("statement_id", "relay_kind", "relayer_actor_id", "relayer"),
    (
        Column("statement_id", "str", "The statement that was relayed."),
        Column("relay_kind", "str", "statement: inside a statement of the relayer; source: the text says who had it "
               "first; wire: the article is credited to an agency.", allowed=("statement", "source", "wire")),
        Column("relayer_actor_id", "str", "Through whom; NULL: not known, or an agency's credit.", nullable=True),
        Column("relayer", "str", "Name of the relayer."),
        Column("relayed_actor_id", "str", "Who said it; NULL: not known.", nullable=True),
        Column("relayed", "str", "Name of the one who said it, else '(unattributed)' or '(unresolved)'."),
        OUTLET_ID, OUTLET, ARTICLE_ID, ON_DATE,
        CUE_CLASS,
        Column("content_text", "str", "Content spans as printed, joined by a space."),
        Column("parent_statement_id", "str", "The statement inside which it is reported.", nullable=True),
        Column("depth", "int", "0: the article reports it; 1: inside another statement; and so on."),
        *STATEMENTS_COUNTED.columns[-2:],
    ),
    is_view=True,
)  # fmt: skip
VERSION_CHANGES = Table(
    "mart", "version_changes",
    "one row per version that superseded another and thing that changed: a statement that came, went, stayed or has "
    "another speaker, or a part of the article",
    ("version_id", "subject_id"),
    (
        INGEST_DATE,
        ARTICLE_ID, OUTLET_ID, OUTLET,
        Column("version_id", "str", "The newer version."),
        Column("version_no", "int", "Its number."),
        Column("supersedes", "str", "The version before it, which it is compared with. Both were read by one parser: a "
               "version that was not is not compared."),
        Column("subject", "str", "What is compared; text: its length in characters, in a row of every version.",
               allowed=("statement", "text", "headline", "standfirst", "byline", "published_on", "correction_note",
                        "is_retracted")),
        Column("subject_id", "str", "lineage_key of the statement; else the same as subject."),
        Column("change", "str", "added: not in the version before; removed: no longer there; kept: a statement with "
               "the same words and speaker; reattributed: the same words, another speaker; changed: another value.",
               allowed=("added", "removed", "kept", "reattributed", "changed")),
        Column("before", "str", "Its value, or the statement's content, in the version before; NULL: it had none.",
               nullable=True),
        Column("after", "str", "The same in the newer version.", nullable=True),
        Column("statement_id", "str", "The statement in the newer version; if it was removed, in the one before. Where "
               "a version prints the same words twice, the first of them.", nullable=True),
        Column("speaker_actor_id", "str", "Who says it in the newer version.", nullable=True),
        Column("speaker", "str", "Canonical name of that actor.", nullable=True),
        Column("previous_speaker_actor_id", "str", "Who said it in the version before.", nullable=True),
        Column("previous_speaker", "str", "Canonical name of that actor.", nullable=True),
    ),
    is_view=True,
)  # fmt: skip
PIPELINE_COVERAGE = Table(
    "mart", "pipeline_coverage", "one row per outlet and ingest day: is the data complete enough to trust",
    ("outlet_id", "ingest_date"),
    (
        OUTLET_ID, OUTLET, INGEST_DATE,
        Column("n_articles", "int", "Articles with a current version first seen that day."),
        Column("n_with_statements", "int", "Of these, with at least one statement."),
        Column("n_statements", "int", "Statements."),
        Column("n_no_publication_date", "int", "Articles whose day of publication is not known."),
        Column("n_left_out", "int", "Articles that stay out of every count: retracted, or not a whole article (the "
               "flags that follow, and error_page)."),
        Column("n_too_short", "int", "Articles flagged too_short: fewer than 40 words."),
        Column("n_paywall", "int", "Articles flagged paywall: a stub that ends in an offer to subscribe."),
        Column("n_list_page", "int", "Articles flagged list_page: links rather than text."),
        Column("n_live_blog", "int", "Articles flagged live_blog."),
        Column("n_machine_translated", "int", "Articles flagged machine_translated: they say so themselves."),
        Column("n_corrected", "int", "Articles flagged correction; they are counted."),
        Column("n_copies", "int", "Articles that are near copies of others; one of each story is counted."),
        Column("n_not_english", "int", "Articles in another language, or one that could not be told."),
    ),
)  # fmt: skip
