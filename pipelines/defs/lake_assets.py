"""Helpers for assets that are lake or state tables: specs from the contracts, results with row counts.

Belongs here: what every such asset shares. Does not belong here: any one asset.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import dagster as dg

from pipelines.core.tables import Layer, table
from pipelines.io.lake import Batch, Lake
from pipelines.settings import load_settings

DAILY = dg.DailyPartitionsDefinition(start_date=load_settings().first_day.isoformat(), end_offset=1)
"""UTC days of ingest, today included."""
SINGLE_RUN = dg.BackfillPolicy.single_run()
OWNERS = ["team:onrecord"]


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
    columns = [
        dg.TableColumn(c.name, c.duckdb, c.text, constraints=dg.TableColumnConstraints(nullable=c.nullable))
        for c in contract.columns
    ]
    return dg.AssetSpec(
        key=[layer, name],
        deps=[dep.split("/") for dep in deps],
        description=f"{contract.grain[0].upper()}{contract.grain[1:]}.",
        group_name=group,
        owners=OWNERS,
        kinds={kind, "parquet"},
        skippable=skippable,
        metadata={"dagster/column_schema": dg.TableSchema(columns=columns)},
        partitions_def=DAILY if layer == "lake" else None,
    )


def batch_results(
    lake: Lake, names: Iterable[str], batches: Sequence[Batch], **more: int
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
