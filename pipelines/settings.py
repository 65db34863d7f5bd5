"""The settings: one validated model, built once and passed in.

Covers what a user may set (environment ``ONRECORD_*``, a ``sources.yaml``), its defaults and its checks. For thresholds
of checks, see expectations/.
"""

from __future__ import annotations

import hashlib
import os
import re
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipelines.core.documents.model import FIELD_ALIASES, SourceRules

_PACKAGE = Path(__file__).resolve().parent
PROJECT_ROOT = _PACKAGE.parent
"""The folder that the packages lie in: the checkout, or site-packages."""
REFERENCE_DIR = _PACKAGE / "reference"
_IN_A_WHEEL = _PACKAGE / "shipped"
IS_CHECKOUT = not _IN_A_WHEEL.is_dir()
"""Whether the code runs from a checkout. A wheel has what lies beside the packages in a folder of its own (see
pyproject.toml), since site-packages is no place for `sql` and `data`."""
SHIPPED_DIR = PROJECT_ROOT if IS_CHECKOUT else _IN_A_WHEEL
"""The folder that holds sql/ and data/sample/."""
SQL_DIR = SHIPPED_DIR / "sql"
SAMPLE_DIR = SHIPPED_DIR / "data" / "sample"
FILES_SOURCE = "files"
"""Name of the source of paths that no source in sources.yaml covers."""
WEB_SOURCE = "web"
"""Likewise of web addresses."""


_MEMORY = r"^\d+(\.\d+)?\s?[KMG]i?B$"


def is_web(address: str) -> bool:
    """Whether an input is an address of the web, not a file."""
    return address.lower().startswith(("http://", "https://"))


_URL = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)


def is_object_url(text: str) -> bool:
    """Whether a path is the URL of an object store or another file system (s3://, file://), and no page of the web."""
    found = _URL.match(text)
    return found is not None and not is_web(text)


class SettingsError(Exception):
    """A setting is wrong; the message is one line that says which, and what to do."""


_ONLY_OF = {
    "full_text": ("feed",), "since": ("sitemap",), "pages_per_run": ("sitemap",), "every_minutes": ("feed", "sitemap"),
    "path_is_key": ("paths",),
}  # fmt: skip
"""Fields that mean something for some kinds of source only."""


class Source(BaseModel):
    """One source of news: files, feeds or sitemaps, and what its records do not say themselves."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, pattern=r"^[\w.-]+$")]
    paths: tuple[str, ...] = Field(default=(), min_length=1)
    """Glob patterns of files or folders, relative to the folder of sources.yaml; or URLs of object stores."""
    feed: tuple[str, ...] = Field(default=(), min_length=1)
    """Addresses of RSS, Atom or JSON feeds."""
    sitemap: tuple[str, ...] = Field(default=(), min_length=1)
    """Addresses of sitemaps, news sitemaps or indexes of them."""
    full_text: Literal["entry", "page"] | None = None
    """Of a feed: where the text is got. Default: the entry, where it carries an article, else its page."""
    since: date | None = None
    """Of a sitemap: pages that were last changed before this day are not fetched."""
    pages_per_run: int = Field(default=500, gt=0)
    """Of a sitemap: pages that one run fetches at most, the newest first; the rest waits for the next runs."""
    every_minutes: int = Field(default=60, ge=5)
    """Of a feed or a sitemap: how often the UI's daemon takes it in."""
    outlet: str | None = None
    """Name of the outlet, for records that do not name theirs."""
    domain: str | None = None
    """Domain of the outlet, for records without a URL."""
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] | None = None
    """ISO 639-1 code, where every article of the source is in one language."""
    timezone: str | None = None
    """IANA zone of publication times that carry none, for example Europe/Lisbon."""
    fields: dict[str, str] = {}
    """For JSON records: our field name to theirs, for example {text: content_html}."""
    earliest: date = date(1990, 1, 1)
    """A day of publication before this one is not believed; set it where the source is an archive that is older."""
    path_is_key: bool = False
    """A file's path stands for its article: the same path with new text is a new version."""

    @field_validator("paths", "feed", "sitemap", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("paths")
    @classmethod
    def _below_the_file(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            if is_object_url(pattern):
                continue
            parts = PurePosixPath(pattern).parts
            if not parts or "/" in parts or ".." in parts:
                raise ValueError(f"{pattern!r} does not lead to files below the folder of this file")
        return value

    @field_validator("feed", "sitemap")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for address in value:
            try:
                parts = urlsplit(address)
                is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
            except ValueError:
                is_good = False
            if not is_good:
                raise ValueError(f"{address!r} is not an http or https address (which holds no password)")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        try:
            return value and ZoneInfo(value).key
        except (ValueError, OSError, ZoneInfoNotFoundError):
            raise ValueError(f"{value!r} is not a zone; write it as Europe/Lisbon") from None

    @field_validator("fields")
    @classmethod
    def _our_fields(cls, value: dict[str, str]) -> dict[str, str]:
        if unknown := sorted(value.keys() - FIELD_ALIASES.keys()):
            raise ValueError(f"{', '.join(unknown)}: our fields are {', '.join(FIELD_ALIASES)}")
        return value

    @model_validator(mode="after")
    def _one_kind(self) -> Source:
        given = [kind for kind in ("paths", "feed", "sitemap") if getattr(self, kind)]
        if len(given) != 1:
            raise ValueError(
                f"a source has one of paths, feed and sitemap, this one has {' and '.join(given) or 'none'}"
            )
        for name in sorted(self.model_fields_set & _ONLY_OF.keys()):
            if given[0] not in _ONLY_OF[name]:
                raise ValueError(f"{name} has no meaning for a source with {given[0]}: leave it out")
        return self

    def rules(self) -> SourceRules:
        """Return what the document readers need of it."""
        return SourceRules(
            name=self.name,
            outlet_name=self.outlet,
            outlet_domain=self.domain,
            language=self.language,
            timezone=self.timezone,
            fields=self.fields,
            is_path_key=self.path_is_key,
            earliest=self.earliest,
        )


class Settings(BaseSettings):
    """Everything a user may set; each field is also the environment variable ONRECORD_<FIELD>."""

    model_config = SettingsConfigDict(env_prefix="ONRECORD_", env_ignore_empty=True, extra="forbid", frozen=True)

    data_dir: Path = PROJECT_ROOT / "data" if IS_CHECKOUT else Path("onrecord-data")
    """Folder for everything that a run makes. Default: data/ of a checkout; onrecord-data in the current folder, where
    OnRecord was installed from a wheel."""
    lake: str | None = None
    """Where the Parquet parts lie: a folder, or a URL (s3://bucket/folder); default: lake in the data folder."""
    sources_file: Path | None = None
    """The sources.yaml; default: sources.yaml in the data folder, if there is one."""
    max_document_bytes: int = Field(default=20_000_000, gt=0)
    """A larger record is quarantined unread."""
    batch_records: int = Field(default=2_000, gt=0)
    """Records after which an ingest run closes a batch and opens the next: bounds memory."""
    batch_bytes: int = Field(default=64_000_000, gt=0)
    """Likewise for bytes."""
    inbox_settle_seconds: float = Field(default=5.0, ge=0)
    """A file of the inbox that changed more recently is still being copied: it is waited for, else left for later."""
    models_dir: Path | None = None
    """A folder of dbt models of one's own (SQL and YAML): they are built, tested and published with ours, in mart."""
    first_day: date = date(2026, 1, 1)
    """First ingest day: where the daily partitions begin."""
    workers: int = Field(default=0, ge=0)
    """Processes for reading and extraction; 0: one a core."""
    engine: Literal["local", "ray"] = "local"
    """Where batches are read, compared, extracted and resolved: on this machine, or on a Ray cluster."""
    ray_address: str | None = None
    """Address of the cluster's head (host:6379), or auto for the one that this machine is part of; without it Ray runs
    on this machine alone, with as many workers as are set."""
    postgres: Annotated[str, Field(pattern=r"^postgresql://\S+$")] | None = None
    """A PostgreSQL database (postgresql://user@host/name) for Dagster's records and for the run lock, where several
    machines work on one lake. The password comes from PGPASSWORD or a password file, never from here."""
    ducklake: str | None = None
    """Where publications also go as snapshots, to be read by many: the catalog's PostgreSQL database, as libpq names it
    (host=... dbname=... user=...). The password comes from PGPASSWORD or a password file, never from here."""
    ducklake_data: str | None = None
    """The DuckLake's data: a URL (s3://bucket/folder/), or a folder that all readers see."""
    keep_published: int = Field(default=3, ge=0)
    """Number of earlier published files that are kept beside the one that is read."""
    build_memory: Annotated[str, Field(pattern=_MEMORY)] = "3GB"
    """What DuckDB may hold while the warehouse is built and published; what is more goes to the disk."""
    log: Literal["text", "json"] = "text"
    """How a run tells its progress on standard error: for people, or as JSON lines for a collector of logs."""
    alert_url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    """Where to post a JSON message about a run that failed or whose checks warn; sent by the UI's daemon."""
    ui_url: Annotated[str, Field(pattern=r"^https?://\S+$")] = "http://127.0.0.1:3000"
    """Where the Dagster UI is reached from outside: alerts link to it."""
    contact: Annotated[str, Field(pattern=r"^[!-'*-~]{3,200}$")] | None = None
    """An e-mail or web address that is told to the sites that are fetched from, so that they can ask us."""
    request_gap_seconds: float = Field(default=1.0, ge=0)
    """Least time between two requests to one host; where its robots.txt asks for more, more."""
    allow_private_addresses: bool = False
    """Whether addresses of this machine and its network may be fetched from: for an intranet, and for tests."""
    query_seconds: float = Field(default=60.0, gt=0)
    """Time limit of `onrecord query`."""
    query_memory: Annotated[str, Field(pattern=_MEMORY)] = "2GB"
    """Memory limit of `onrecord query`."""

    @field_validator("ducklake", "postgres")
    @classmethod
    def _no_password(cls, value: str | None) -> str | None:
        if value is not None and ("password" in value.lower() or urlsplit(value).password is not None):
            raise ValueError("holds a password: give that in PGPASSWORD")
        return value

    @model_validator(mode="after")
    def _both_of_ducklake(self) -> Settings:
        if (self.ducklake is None) != (self.ducklake_data is None):
            raise ValueError("a DuckLake has both a catalog (ONRECORD_DUCKLAKE) and data (ONRECORD_DUCKLAKE_DATA)")
        return self

    @field_validator("data_dir", mode="before")
    @classmethod
    def _on_a_disk(cls, value: object) -> object:
        if _URL.match(str(value)):
            raise ValueError("the data folder lies on a disk of this machine; only sources may be URLs")
        return value

    @field_validator("data_dir", "sources_file", "models_dir", mode="after")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return None if value is None else value.expanduser().resolve()

    # ---- where things lie in the data folder
    @property
    def lake_dir(self) -> Path | str:
        """Parquet parts: a folder, or a URL."""
        if self.lake is None:
            return self.data_dir / "lake"
        return self.lake if is_object_url(self.lake) else Path(self.lake).expanduser().resolve()

    @property
    def met_dir(self) -> Path:
        """What was met before, on this machine whatever the lake is."""
        return self.lake_dir / "state" if isinstance(self.lake_dir, Path) else self.data_dir / "state"

    @property
    def warehouse(self) -> Path:
        """The file that dbt writes."""
        return self.data_dir / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        """The file that analysts read."""
        return self.data_dir / "published" / "onrecord.duckdb"

    @property
    def data_docs_dir(self) -> Path:
        """Great Expectations' pages."""
        return self.data_dir / "data_docs"

    @property
    def accuracy(self) -> Path:
        """Scores of the last `onrecord evaluate`."""
        return self.data_dir / "state" / "accuracy.json"

    @property
    def dagster_home(self) -> Path:
        """Dagster's own records."""
        return self.data_dir / ".dagster"

    @property
    def dbt_dir(self) -> Path:
        """What dbt writes besides the warehouse."""
        return self.data_dir / ".dbt"

    @property
    def fetched_dir(self) -> Path:
        """What was got before from feeds and sitemaps."""
        return self.data_dir / "state" / "fetched"

    @property
    def inbox(self) -> Path:
        """A folder that the sensor watches."""
        return self.data_dir / "inbox"

    @property
    def n_workers(self) -> int:
        """Number of worker processes."""
        return self.workers or os.cpu_count() or 1


def load_settings(**overrides: object) -> Settings:
    """Return the settings from the environment, with overrides.

    Raises:
        SettingsError: a value is not valid.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "ONRECORD_" + ".".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name}={first.get('input')!r}: {first['msg']}") from None


def _covers(pattern: tuple[str, ...], path: tuple[str, ...]) -> bool:
    """Whether a glob pattern stands for the path or for a folder that it lies in."""
    if not pattern:
        return True
    if pattern[0] == "**":
        return any(_covers(pattern[1:], path[i:]) for i in range(len(path) + 1))
    return bool(path) and fnmatchcase(path[0], pattern[0]) and _covers(pattern[1:], path[1:])


def _url_parts(url: str) -> tuple[str, ...]:
    """Return the parts of a URL; one that is written with more or fewer slashes has the same."""
    scheme, _, rest = url.partition("://")
    scheme = "file" if scheme.lower() == "local" else scheme.lower()
    return (scheme, *(part for part in rest.split("/") if part))


class Sources:
    """The sources of a sources.yaml, and which of them a file belongs to."""

    def __init__(self, sources: tuple[Source, ...], root: Path) -> None:
        self.sources = sources
        self.root = root

    def covering(self, path: Path) -> Source | None:
        """Return the first source one of whose patterns covers the file, or None."""
        if not self.sources:
            return None
        try:
            parts = Path(os.path.realpath(path)).relative_to(self.root).parts
        except ValueError:
            return None
        return next((s for s in self.sources if any(_covers(PurePosixPath(p).parts, parts) for p in s.paths)), None)

    def covering_url(self, url: str) -> Source | None:
        """Return the first source one of whose URLs covers an object of a store, or None."""
        parts = _url_parts(url)
        return next(
            (s for s in self.sources for p in s.paths if is_object_url(p) and _covers(_url_parts(p), parts)), None
        )

    def naming(self, address: str) -> Source | None:
        """Return the first source that names a web address, or None."""
        return next((s for s in self.sources if address in s.feed or address in s.sitemap), None)

    def addresses(self) -> list[str]:
        """Return the feeds and sitemaps that the sources name, each once, in their order."""
        return list(dict.fromkeys(address for s in self.sources for address in (*s.feed, *s.sitemap)))

    def rules(self) -> dict[str, SourceRules]:
        """Return the reader's rules by source name, those of what no source names among them."""
        unnamed = {name: SourceRules(name=name) for name in (FILES_SOURCE, WEB_SOURCE)}
        return {**unnamed, **{s.name: s.rules() for s in self.sources}}

    def inputs(self) -> list[Path | str]:
        """Return the files and folders that the sources name, sorted, and then their URLs as they are written."""
        patterns = {pattern for s in self.sources for pattern in s.paths}
        urls = sorted(filter(is_object_url, patterns))
        return [*sorted({p for pattern in patterns.difference(urls) for p in self.root.glob(pattern)}), *urls]

    def unmatched(self) -> list[str]:
        """Return a line for each pattern of files that matches nothing: mostly it is written wrong, or not mounted."""
        return [
            f"source {s.name}: no file or folder matches {pattern} below {self.root}"
            for s in self.sources for pattern in s.paths
            if not is_object_url(pattern) and next(self.root.glob(pattern), None) is None
        ]  # fmt: skip

    def sha256(self) -> str:
        """Return a hash of everything that decides how a record is read."""
        dumped = "\n".join(s.model_dump_json() for s in self.sources)
        return hashlib.sha256(dumped.encode()).hexdigest()


def load_sources(settings: Settings) -> Sources:
    """Return the sources of the settings' sources.yaml; none if there is no file.

    Raises:
        SettingsError: the file cannot be read, or an entry is not valid (the line names it).
    """
    path = settings.sources_file or settings.data_dir / "sources.yaml"
    if not path.exists():
        if settings.sources_file is not None:
            raise SettingsError(f"ONRECORD_SOURCES_FILE={path}: there is no such file")
        return Sources((), path.parent)
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError(f"{path}: {' '.join(str(error).split())}") from None
    entries = loaded.get("sources") if isinstance(loaded, dict) else None
    if not isinstance(entries, list):
        raise SettingsError(f"{path}: expected a list under the key 'sources'")
    sources = []
    for number, entry in enumerate(entries, start=1):
        try:
            sources.append(Source.model_validate(entry))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "entry"
            what = first["msg"].removeprefix("Value error, ")
            raise SettingsError(f"{path}: source {number}: {where}: {what}") from None
    names = [s.name for s in sources]
    twice = sorted({n for n in names if names.count(n) > 1 or n in (FILES_SOURCE, WEB_SOURCE)})
    if twice:
        raise SettingsError(f"{path}: name used twice or reserved: {', '.join(twice)}")
    return Sources(tuple(sources), path.parent.resolve())
