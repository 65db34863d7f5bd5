"""The tagger and the reference data, loaded once a process, and the functions that worker processes run.

Covers reading the lexicon and the CSVs from disk, ids of "how", calling core on one chunk and setting aside a text that
fails. For the rules themselves, see core.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import polars as pl

from pipelines import contracts
from pipelines.compute.own_words import own_words
from pipelines.core.attribution import (
    CueLexicon,
    Extraction,
    NeuralTagger,
    OwnWords,
    Tagger,
    extract,
    parse_cue_lexicon,
)
from pipelines.core.documents.batches import PARSER
from pipelines.core.identity.actors import ActorState, alias_frame, assign_actors
from pipelines.core.identity.overrides import Override
from pipelines.core.ids import mk_id, sha256_hex
from pipelines.core.reference import Reference, parse_reference
from pipelines.core.resolution.resolve import Resolution, resolve
from pipelines.core.resolution.scorer import Scorer, parse_scorer
from pipelines.core.text.stated_dates import add_stated_dates
from pipelines.ingest.own_readers import own_readers
from pipelines.settings import REFERENCE_DIR, SettingsError, load_settings
from pipelines.storage import corrections, fingerprints
from pipelines.storage.lake import Lake

_LEXICON = "cue_lexicon.csv"
MODEL_DIR = REFERENCE_DIR / "attribution"
"""The model that ships: model.onnx and tokenizer.json."""
_JUDGE = "judge.json"
SPEAKERS_DIR = REFERENCE_DIR / "speakers"
"""The model of who is meant: scorer.json."""
_BATCHES = 20
"""Batches whose mentions are held at once, each of some thousand records at most."""
_WORDS_KEPT = 200_000
"""Words whose pieces a process remembers; there is no end to different words."""
OwnFiles = tuple[tuple[str, str], ...]
"""Name and text of each of the user's own reference files."""


def lexicon() -> CueLexicon:
    """Return the cue lexicon, with the words that the user's own reference data adds.

    Raises:
        SettingsError: a file of the user's is wrong; the message names the line.
    """
    return _lexicon(_own_words(_own_files()))


@lru_cache(maxsize=4)
def _lexicon(own: OwnWords) -> CueLexicon:
    return parse_cue_lexicon((REFERENCE_DIR / _LEXICON).read_text(encoding="utf-8"), own)


@lru_cache(maxsize=4)
def _own_words(own: OwnFiles) -> OwnWords:
    try:
        return own_words(dict(own))
    except ValueError as error:
        raise SettingsError(str(error)) from None


def _own_files() -> OwnFiles:
    return tuple(corrections.own_reference(load_settings()).items())


def tagger() -> Tagger:
    """Return the tagger that ships with the product, with the lexicon as it is now."""
    return _tagger(lexicon().own)


@lru_cache(maxsize=2)
def _tagger(own: OwnWords) -> Tagger:
    return load_tagger(MODEL_DIR, _lexicon(own))


def load_tagger(folder: Path, known: CueLexicon) -> NeuralTagger:
    """Load a model from a folder with model.onnx and tokenizer.json; it runs on one thread.

    Workers are processes; a second thread in each would only take turns with the others.
    """
    import onnxruntime
    from tokenizers import Tokenizer

    weights = folder / "model.onnx"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
    vocabulary = Tokenizer.from_file(str(folder / "tokenizer.json"))
    vocabulary.no_truncation()
    vocabulary.no_padding()
    unknown = (vocabulary.token_to_id("[UNK]"),)

    @lru_cache(maxsize=_WORDS_KEPT)
    def pieces_of(word: str) -> tuple[int, ...]:
        return tuple(vocabulary.encode(word, add_special_tokens=False).ids) or unknown

    frame = (vocabulary.token_to_id("[CLS]"), vocabulary.token_to_id("[SEP]"))
    metadata = session.get_modelmeta().custom_metadata_map
    weights_of_judge = _judge_weights(folder)
    hashes = [*(_file_sha256(folder / name) for name in ("model.onnx", "tokenizer.json")), sha256_hex(weights_of_judge)]
    return NeuralTagger(session, metadata, sha256_hex("\n".join(hashes)), pieces_of, frame, known, weights_of_judge)


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _judge_weights(folder: Path) -> str:
    """Return the judge's weights beside a model, or those that ship."""
    own = folder / _JUDGE
    return (own if own.exists() else MODEL_DIR / _JUDGE).read_text(encoding="utf-8")


def reference() -> Reference:
    """Return the reference data: ours, and the user's own from the data folder.

    Raises:
        SettingsError: a file of the user's is wrong; the message names the line.
    """
    return _reference(_own_files())


@lru_cache(maxsize=4)
def _reference(own: OwnFiles) -> Reference:
    try:
        return parse_reference(_reference_files(), dict(own))
    except ValueError as error:
        raise SettingsError(str(error)) from None


def _reference_files() -> dict[str, str]:
    paths = sorted(p for p in REFERENCE_DIR.glob("*.csv") if p.name != _LEXICON)
    return {p.name: p.read_text(encoding="utf-8") for p in paths}


@cache
def scorer() -> Scorer:
    """Return the model of speakers that ships with the product."""
    return parse_scorer(_scorer_text())


@cache
def _scorer_text() -> str:
    return (SPEAKERS_DIR / "scorer.json").read_text(encoding="utf-8")


def parser_version() -> str:
    """Return the version of the code that reads texts, a user's own readers among it."""
    version, own = fingerprints.code_version(PARSER, fingerprints.PARSING), own_readers().version
    return f"{version}+{sha256_hex(own)[:12]}" if own else version


def extractor() -> dict[str, str]:
    """Return the row of ops.extractors for the tagger and the code around it."""
    model = tagger()
    version = fingerprints.code_version(model.version, fingerprints.EXTRACTION)
    return {
        "extraction_id": mk_id("extractor", model.name, version, model.sha256),
        "name": model.name,
        "version": version,
        "model_sha256": model.sha256,
    }


def resolver() -> dict[str, str]:
    """Return the row of ops.resolvers for the code, the reference data and the corrections."""
    version = fingerprints.code_version("resolution", fingerprints.RESOLUTION)
    corrected = sha256_hex(corrections.log_text(load_settings()))
    data = sha256_hex(f"{reference().sha256}\n{_scorer_text()}")
    return {
        "resolution_id": mk_id("resolver", version, data, corrected),
        "version": version,
        "ref_data_sha256": data,
        "overrides_sha256": corrected,
    }


@cache
def comparison_id() -> str:
    """Return the id of the code that finds near copies: a change compares all texts again."""
    return mk_id("comparison", fingerprints.code_version("minhash", fingerprints.COMPARISON))


def extraction_id() -> str:
    """Return the id of model, code and the user's own words: a change extracts again."""
    return extractor()["extraction_id"]


def resolution_id() -> str:
    """Return the id of code, reference data and corrections: a change resolves again."""
    return resolver()["resolution_id"]


@dataclass(frozen=True)
class Extracted:
    """What one chunk of texts gave: frames by table name, and texts that the extractor failed on."""

    frames: dict[str, pl.DataFrame]
    failed: tuple[tuple[str, str], ...]
    n_articles: int

    @classmethod
    def joined(cls, parts: Sequence[Extracted], names: Sequence[str]) -> Extracted:
        """Return several chunks as one; with no chunk, empty frames of the tables' shapes."""
        frames = {name: pl.concat([p.frames[name] for p in parts]) if parts else _empty(name) for name in names}
        return cls(frames, tuple(f for p in parts for f in p.failed), sum(p.n_articles for p in parts))


def extract_chunk(texts: pl.DataFrame, how: str | None = None) -> Extracted:
    """Extract from some texts; if that fails, one by one, so that only the text at fault is set aside.

    Args:
        texts: See `pipelines.core.attribution.extract`.
        how: The id that rows carry. Default: that of model and code, whose hash takes half a second once a process.
    """
    try:
        return _extract(texts, extraction_id() if how is None else how)
    except (ImportError, MemoryError):  # of the installation or the machine, and of no text
        raise
    except Exception as error:  # whatever is wrong with one text must not stop the others
        if texts.height == 1:
            return _set_aside(texts, _detail(error))
        parts = [extract_chunk(texts.slice(i, 1), how) for i in range(texts.height)]
        return Extracted.joined(parts, list(Extraction.__dataclass_fields__))


def extract_lost(text: pl.DataFrame) -> Extracted:
    """Return what stands for a text whose extraction ended the process that did it: nothing, and that it failed."""
    return _set_aside(text, "extracting from it ended the process")


def _set_aside(text: pl.DataFrame, detail: str) -> Extracted:
    empty = Extracted.joined([], list(Extraction.__dataclass_fields__))
    return Extracted(empty.frames, ((text["version_id"][0], detail),), 1)


def _extract(texts: pl.DataFrame, how: str) -> Extracted:
    extraction = extract(texts, tagger(), lexicon())
    statements, spans = add_stated_dates(extraction.statements, extraction.sentences, texts, extraction.statement_spans)
    frames = {name: getattr(extraction, name) for name in Extraction.__dataclass_fields__}
    frames |= {"statements": statements, "statement_spans": spans}
    # The tagger names itself in the rows, but not the code around it; and one order of columns joins chunks.
    own = pl.lit(how, dtype=pl.String).alias("extraction_id")
    frames = {
        name: (frame.with_columns(own) if "extraction_id" in frame.columns else frame).select(_empty(name).columns)
        for name, frame in frames.items()
    }
    return Extracted(frames, (), texts.height)


def _detail(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0][:300]


def _empty(name: str) -> pl.DataFrame:
    return contracts.table("lake", name).empty().drop("ingest_date", "batch_id")


def resolve_texts(
    texts: pl.DataFrame, extraction: Extraction, how: str | None = None
) -> tuple[Resolution, tuple[tuple[str, str], ...]]:
    """Resolve the mentions of some texts with the reference data of this installation.

    Args:
        texts: Their rows, as for extraction.
        extraction: What was extracted from them.
        how: The id that rows carry. Default: that of code, reference data and corrections.

    Returns:
        The resolution, and (version_id, what went wrong) of each text that failed; these have no entities.
    """
    how = resolution_id() if how is None else how
    try:
        return resolve(texts, extraction, reference(), scorer(), resolution_id=how), ()
    except (ImportError, MemoryError):  # of the installation or the machine, and of no text
        raise
    except Exception as error:  # whatever is wrong with one text must not stop the others
        if texts.height <= 1:
            nothing = resolve(texts.clear(), of_versions(extraction, ()), reference(), scorer(), resolution_id=how)
            failed = tuple((v, _detail(error)) for v in texts["version_id"])
            return nothing, failed
        parts = [
            resolve_texts(texts.slice(i, 1), of_versions(extraction, (texts["version_id"][i],)), how)
            for i in range(texts.height)
        ]
        frames = {
            name: pl.concat([getattr(part, name) for part, _ in parts]) for name in Resolution.__dataclass_fields__
        }
        return Resolution(**frames), tuple(f for _, failed in parts for f in failed)


def of_versions(extraction: Extraction, version_ids: Sequence[str] | pl.Series) -> Extraction:
    """Return the part of an extraction that belongs to some versions."""
    wanted = pl.col("version_id").is_in(list(version_ids))
    names = Extraction.__dataclass_fields__
    return Extraction(**{name: getattr(extraction, name).filter(wanted) for name in names})


def assign_all(lake: Lake) -> ActorState:
    """Assign every entity of the lake to an actor, and apply the human corrections."""
    versions = lake.scan("article_versions").select("version_id", "published_on", "outlet_id").unique("version_id")
    entities = lake.scan("entities").join(versions, on="version_id", how="left")
    corrected = corrections.overrides(load_settings())
    with lake.naming_damage():
        return assign_actors(entities, _aliases(lake), reference(), corrected, _quoted(lake, corrected))


def _aliases(lake: Lake) -> Iterator[pl.DataFrame]:
    """Yield the names by which entities are mentioned, some batches at a time: both are of one article."""
    batches = lake.batches()
    for start in range(0, len(batches), _BATCHES):
        some = batches[start : start + _BATCHES]
        links = lake.read("mention_entities", batches=some, columns=["mention_id", "entity_id", "rank", "method"])
        mentions = lake.read("mentions", batches=some, columns=["mention_id", "surface"])
        yield alias_frame(mentions, links, reference())


def _quoted(lake: Lake, overrides: Sequence[Override]) -> pl.DataFrame:
    """Return the statements of the versions that a correction of a speaker names."""
    wanted = sorted({o.versions[0] for o in overrides if o.action == "speaker"})
    columns = ["statement_id", "version_id", "content_norm", "ingest_date"]
    rows = lake.read("statements", columns=columns) if wanted else _empty_statements().select(columns)
    return rows.filter(pl.col("version_id").is_in(wanted))


def _empty_statements() -> pl.DataFrame:
    return contracts.table("lake", "statements").empty()
