"""The only module that talks to Great Expectations.

Covers turning descriptions into suites, running them over a DuckDB file that is opened read-only, and reading the
results back. It does not cover what is checked and how an outcome is worded.

Great Expectations takes seconds to import, so it is imported inside the functions.
"""
# ruff: noqa: ANN401  (see above; and it comes untyped, so what it returns is Any)

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from expectations.outcome import MAX_FAILED_ROWS, CheckOutcome, crashed, judged, too_few
from expectations.spec import CheckSpec, NotNull, Recent, Rows, Scope

DOCS_SITE = "onrecord"
_GX_SEVERITY = {"block": "critical", "warn": "warning"}


@dataclass(frozen=True)
class Group:
    """Checks over one batch: they make one suite and are validated together.

    Attributes:
        name: Name of suite and asset; letters, digits and underscores (it becomes a folder of the docs).
        batch: SELECT of the rows looked at, without placeholders.
        checks: The checks.
    """

    name: str
    batch: str
    checks: tuple[CheckSpec, ...]


def grouped(checks: Sequence[CheckSpec], scope: Scope) -> list[Group]:
    """Return the checks in groups of one table and batch, in the order in which they came."""
    by_batch: dict[tuple[str, str], list[CheckSpec]] = {}
    for check in checks:
        by_batch.setdefault((check.table, scope.render(check.batch)), []).append(check)
    groups: list[Group] = []
    for (table, batch), members in by_batch.items():
        stem = table.replace(".", "_")
        taken = sum(group.name.startswith(f"{stem}__") for group in groups)
        groups.append(Group(f"{stem}__{taken + 1}", batch, tuple(members)))
    return groups


class UnreadableWarehouseError(Exception):
    """The warehouse file could not be opened: damaged, locked, or of a newer DuckDB."""


@dataclass
class Session:
    """An ephemeral context on one warehouse file.

    Attributes:
        context: The Great Expectations context; it lives in memory.
        source: Its SQL data source.
        scope: The days of the run.
    """

    context: Any
    source: Any
    scope: Scope

    def run(self, group: Group) -> list[CheckOutcome]:
        """Return the outcomes of a group, in its order; whatever fails to run comes back as an error."""
        try:
            if any(check.reads_views for check in group.checks):
                group = self._computed(group)
            n_rows = int(self._select(f"SELECT count(*) AS n FROM ({group.batch}) AS b")[0]["n"])
        except Exception as exc:  # any crash is this group's result; the other groups still run
            return [crashed(check, _first_line(exc)) for check in group.checks]
        shares = {check.name: check.rule for check in group.checks if isinstance(check.rule, NotNull)}
        few = {name: rule.at_least for name, rule in shares.items() if n_rows < rule.at_least}
        results = self._validate(group, [check for check in group.checks if check.name not in few])
        return [
            too_few(check, n_rows, few[check.name])
            if check.name in few
            else self._read(check, group, results.get(check.name, "no result came back"), n_rows)
            for check in group.checks
        ]

    def build_docs(self) -> None:
        """Write the Data Docs of everything that ran."""
        self.context.build_data_docs(site_names=[DOCS_SITE])

    def _validate(self, group: Group, checks: Sequence[CheckSpec]) -> dict[str, Any]:
        """Return the result of each check by its name; a crash as its text."""
        import great_expectations as gx

        if not checks:
            return {}
        try:
            asset = self.source.add_query_asset(name=group.name, query=group.batch)
            suite = self.context.suites.add(gx.ExpectationSuite(name=group.name))
            for check in checks:
                suite.add_expectation(expectation(check, self.scope))
            data = asset.add_batch_definition_whole_table("all")
            definition = self.context.validation_definitions.add(
                gx.ValidationDefinition(name=group.name, data=data, suite=suite)
            )
            # COMPLETE brings failing rows, at most 200; of a share it would bring every NULL there is.
            shares = all(isinstance(check.rule, NotNull) for check in checks)
            results = definition.run(
                result_format={"result_format": "BASIC" if shares else "COMPLETE", "partial_unexpected_count": 0},
                run_id=self._run_id(),
            ).results
        except Exception as exc:  # see run()
            return {check.name: _first_line(exc) for check in checks}
        return {result.expectation_config.meta["check"]: result for result in results}

    def _run_id(self) -> Any:
        from great_expectations.core.run_identifier import RunIdentifier

        today = self.scope.today
        return RunIdentifier(run_name=today.isoformat(), run_time=datetime.combine(today, time(), tzinfo=UTC))

    def _read(self, check: CheckSpec, group: Group, result: Any, n_rows: int) -> CheckOutcome:
        """Return what a result of Great Expectations says, in our terms."""
        if isinstance(result, str):
            return crashed(check, result)
        if (message := _crash(result.exception_info)) is not None:
            return crashed(check, message)
        passed, found = bool(result.success), result.result
        match check.rule:
            case Rows():
                rows = found.get("details", {}).get("unexpected_rows") or []
                return judged(check, passed=passed, n_checked=n_rows, n_failed=int(found["observed_value"]), rows=rows)
            case NotNull(column=column):
                n_failed = int(found["unexpected_count"])
                rows = [] if passed else self._sample(check, group, column)
                return judged(check, passed=passed, n_checked=n_rows, n_failed=n_failed, rows=rows)
            case Recent(column=column):
                rows = [] if passed else [{column: found.get("observed_value")}]
                return judged(check, passed=passed, n_checked=n_rows, n_failed=int(not passed), rows=rows)

    def _computed(self, group: Group) -> Group:
        """Return the group over a temporary table that holds its batch: it is looked at several times."""
        from sqlalchemy import text

        with self.source.get_execution_engine().engine.connect() as connection:
            connection.execute(text(f"CREATE TEMP TABLE {group.name} AS {group.batch}"))
        return replace(group, batch=f"SELECT * FROM {group.name}")

    def _sample(self, check: CheckSpec, group: Group, column: str) -> list[dict[str, Any]]:
        order = ", ".join(check.ids)
        return self._select(
            f"SELECT * FROM ({group.batch}) AS b WHERE {column} IS NULL ORDER BY {order} LIMIT {MAX_FAILED_ROWS}"
        )

    def _select(self, sql: str) -> list[dict[str, Any]]:
        from sqlalchemy import text

        with self.source.get_execution_engine().engine.connect() as connection:
            return [dict(row._mapping) for row in connection.execute(text(sql))]


def load() -> None:
    """Import Great Expectations, which takes seconds: for whoever has to wait for something else anyway."""
    import duckdb_sqlalchemy  # noqa: F401
    import great_expectations.expectations  # noqa: F401


@contextmanager
def session(warehouse: Path, scope: Scope, docs_dir: Path | None) -> Iterator[Session]:
    """Open a warehouse file read-only for checks, and let go of it at the end.

    Nothing is written but the docs: stores live in memory, and nothing is sent anywhere.

    Raises:
        UnreadableWarehouseError: the file could not be opened.
    """
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )
    from sqlalchemy import URL
    from sqlalchemy.pool import StaticPool

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    context = gx.get_context(mode="ephemeral", project_config=config)
    # With every asset the settings of all would be written as YAML again, for nobody: half the time of 70 checks.
    context.variables.save = lambda: None
    if docs_dir is not None:
        context.add_data_docs_site(DOCS_SITE, _site(docs_dir))
    url = URL.create("duckdb", database=str(warehouse)).render_as_string(hide_password=False)
    engine_settings = {
        "poolclass": StaticPool,
        "pool_reset_on_return": None,
        "isolation_level": "AUTOCOMMIT",
        "skip_autocommit_rollback": True,
        "connect_args": {"read_only": True},
    }
    try:
        source = context.data_sources.add_sql(
            "warehouse",
            connection_string=url.replace("$", r"\$"),  # Great Expectations puts settings in for $NAME
            kwargs=engine_settings,
        )
    except Exception as exc:  # it connects at once, and wraps whatever DuckDB says
        raise UnreadableWarehouseError(_first_line(exc)) from exc
    try:
        yield Session(context, source, scope)
    finally:
        source.get_engine().dispose()
        source.get_execution_engine().engine.dispose()


def expectation(check: CheckSpec, scope: Scope) -> Any:
    """Return the Great Expectations expectation of a check."""
    import great_expectations.expectations as gxe

    common: dict[str, Any] = {
        "description": f"{check.name} ({check.severity}): {check.claim}",
        "notes": check.reason,
        "severity": _GX_SEVERITY[check.severity],
        "meta": {"check": check.name},
    }
    match check.rule:
        case Rows(fails=fails):
            # The batch goes in as `b`, once: Great Expectations gives it an alias in some queries and none in others.
            sql = f"WITH b AS (SELECT * FROM {{batch}}) {scope.render(fails)} ORDER BY {', '.join(check.ids)}"
            return gxe.UnexpectedRowsExpectation(unexpected_rows_query=sql, **common)
        case NotNull(column=column, max_share=share):
            return gxe.ExpectColumnValuesToNotBeNull(column=column, mostly=1 - share, **common)
        case Recent(column=column, max_age_days=age):
            oldest = scope.today - timedelta(days=age)
            return gxe.ExpectColumnMaxToBeBetween(column=column, min_value=oldest, **common)


def _site(docs_dir: Path) -> dict[str, Any]:
    return {
        "class_name": "SiteBuilder",
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs_dir)},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        "show_how_to_buttons": False,
    }


def _crash(info: Any) -> str | None:
    """Return the message of an expectation that crashed, else None.

    ``exception_info`` is one record, or one record per metric that crashed.
    """
    if not isinstance(info, dict):
        return None
    for record in (info, *info.values()):
        if isinstance(record, dict) and record.get("raised_exception"):
            return next(iter(str(record.get("exception_message") or "").splitlines()), "no message")
    return None


def _first_line(exc: BaseException) -> str:
    return f"{type(exc).__name__}: {next(iter(str(exc).splitlines()), '')}"
