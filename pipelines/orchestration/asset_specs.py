"""Helpers for assets that are lake or state tables: specs from the contracts, results with row counts.

Covers what every such asset shares. It does not cover any one asset.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import dagster as dg
import polars as pl

from pipelines.contracts import Layer, Table, table
from pipelines.settings import load_settings
from pipelines.storage.lake import Batch, Lake

_MARKDOWN = re.compile(r"[\\`*{}\[\]<>()#!|~&]")
"""Signs that mean something in Markdown."""

DAILY = dg.DailyPartitionsDefinition(start_date=load_settings().first_day.isoformat(), end_offset=1)
"""UTC days of ingest, today included."""
SINGLE_RUN = dg.BackfillPolicy.single_run()
OWNERS = ["team:onrecord"]
PUBLISHED = dg.AssetKey(["published", "onrecord"])
"""The file that analysts read: with it a run is over."""
TAGS = {
    "lake": {"onrecord/layer": "lake", "onrecord/grows": "by_day"},
    "state": {"onrecord/layer": "state", "onrecord/grows": "with_everything"},
}
"""What to look for in the UI: the layer, and whether a run costs its days or all there is."""


def spec(
    layer: Layer, name: str, group: str, deps: Iterable[str] = (), *, skippable: bool = False, kind: str = "polars"
) -> dg.AssetSpec:
    """Return the asset of a table, with its description and column schema taken from its contract.

    Args:
        layer: "lake" or "state".
        name: Name of the table.
        group: Group in the asset graph.
        deps: Keys it is computed from, as "layer/name".
        skippable: Whether a run may leave it as it is, and with it what follows.
        kind: What computes it.
    """
    contract = table(layer, name)
    return dg.AssetSpec(
        key=[layer, name],
        deps=[dep.split("/") for dep in deps],
        description=f"{contract.grain[0].upper()}{contract.grain[1:]}.",
        group_name=group,
        owners=OWNERS,
        kinds={kind, "parquet"},
        tags=TAGS[layer],
        skippable=skippable,
        metadata={"dagster/column_schema": column_schema(contract)},
        partitions_def=DAILY if layer == "lake" else None,
    )


def column_schema(contract: Table, origins: Mapping[str, Sequence[str]] | None = None) -> dg.TableSchema:
    """Return a contract's columns as Dagster shows them.

    Args:
        contract: The contract.
        origins: For each column the columns that it comes from, which stand behind what it means.
    """
    columns = []
    for c in contract.columns:
        from_ = ", ".join((origins or {}).get(c.name, ()))
        text = f"{c.text} From {from_}." if from_ else c.text
        columns.append(
            dg.TableColumn(c.name, c.duckdb, text, constraints=dg.TableColumnConstraints(nullable=c.nullable))
        )
    return dg.TableSchema(columns=columns)


def pace(n: int, seconds: float, unit: str) -> dict[str, float]:
    """Return what a step took, and how much it did in a second, as figures to report; no pace if it did nothing."""
    figures = {"seconds": round(seconds, 3)}
    return {**figures, f"{unit}_per_second": round(n / seconds, 1)} if n and seconds > 0 else figures


def plain(text: str) -> str:
    """Return words of the news as Markdown that shows them and does nothing: no link, no image, no tag."""
    return _MARKDOWN.sub(r"\\\g<0>", text)


def markdown(frame: pl.DataFrame, n_rows: int = 10) -> dg.MarkdownMetadataValue:
    """Return the first rows of a frame as a table to show; a cell holds one short line."""
    lines = [" | ".join(frame.columns), " | ".join("---" for _ in frame.columns)]
    for row in frame.head(n_rows).iter_rows():
        cells = ("" if value is None else plain(" ".join(str(value).split())[:80]) for value in row)
        lines.append(" | ".join(cells))
    return dg.MetadataValue.md("\n".join(f"| {line} |" for line in lines))


def batch_results(
    lake: Lake, names: Iterable[str], batches: Sequence[Batch], **more: dg.MetadataValue | int | float | str
) -> Iterator[dg.MaterializeResult]:
    """Yield the results of a step on some batches, with all their rows, also of parts that were not stale."""
    yield from results("lake", {name: lake.n_rows(name, batches) for name in names}, n_batches=len(batches), **more)


def results(
    layer: Layer, counts: Mapping[str, int], **more: dg.MetadataValue | int | float | str
) -> Iterator[dg.MaterializeResult]:
    """Yield the results of a step that wrote these tables; `more` is reported with the first."""
    for name, n_rows in counts.items():
        yield dg.MaterializeResult(asset_key=[layer, name], metadata={"dagster/row_count": n_rows, **more})
        more = {}
