"""dbt in a process of its own, started with the run: what it loads is loaded when its turn comes.

Covers what runs in that process, and nothing of Dagster. For what is asked of it, see orchestration/dbt.

It is told where the parsed project lies, and waits for one line on standard input: JSON with `arguments` and
`environment`. It answers in lines of JSON: `done` with the id of each node as it ends, and last `success`, `error` and
`results`.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path
from typing import Any


def main(parsed: Path) -> None:
    """Load dbt and the project, wait for what is asked, and do it."""
    gc.disable()  # one call, then the end: nothing is worth a search
    import dbt.adapters.duckdb  # noqa: F401  loaded now, not when it is needed
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    # dbt would read all files again wherever the warehouse has another path than the one that was parsed for.
    manifest = Manifest.from_msgpack(parsed.read_bytes(), decoder=extended_mashumuro_decoder)
    manifest.build_parent_and_child_maps()
    asked = sys.stdin.readline()
    if not asked:  # the run had nothing to build
        return
    call = json.loads(asked)
    os.environ.update(call["environment"])
    done = dbtRunner(manifest, [_tell_end]).invoke(call["arguments"])
    results = [_result(r) for r in getattr(done.result, "results", None) or []]
    _tell({"success": done.success, "error": str(done.exception or "") or None, "results": results})
    gc.freeze()  # else Python searches all of it once more before it ends


def _tell(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


def _tell_end(event: Any) -> None:  # noqa: ANN401  dbt's events are made at run time
    if event.info.name == "NodeFinished":
        _tell({"done": event.data.node_info.unique_id})


def _result(result: Any) -> dict[str, Any]:  # noqa: ANN401  dbt comes without types
    """Return what became of a node, named as in dbt's run_results.json; the SQL of a test that failed goes along."""
    status = str(result.status)
    return {
        "unique_id": result.node.unique_id,
        "status": status,
        "message": result.message,
        "failures": result.failures,
        "execution_time": result.execution_time,
        "timing": [t.to_dict() for t in result.timing],
        "compiled_code": getattr(result.node, "compiled_code", None) if status == "fail" else None,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
