"""Data Docs that read offline.

Covers taking what Great Expectations' pages fetch from the network out of them, and an index page that needs no script.
It does not cover what the pages say about a check.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from expectations.outcome import CheckOutcome, Value

_OURS = ("index.html", "expectations", "validations", "static")
"""What a build of the docs writes; nothing else in the folder is touched."""

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:72rem;padding:1rem;color:#1b1f24;background:#fff}
h1,h2,h3,h4{line-height:1.2}a{color:#0b57d0}pre,code,.code-snippet{background:#f3f4f6;white-space:pre-wrap;
overflow-wrap:anywhere;font:13px/1.4 ui-monospace,monospace}table{border-collapse:collapse;width:100%;margin:.5rem 0}
td,th{border:1px solid #d0d7de;padding:.35rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:#f3f4f6}ul{padding-left:1.2rem}.alert{border:1px solid #d0d7de;padding:.4rem .6rem;margin:.5rem 0}
.badge{border:1px solid #d0d7de;border-radius:.3rem;padding:0 .3rem}.cooltip .top,.cooltip:hover .top,footer,
nav#navigation,.btn,.btn-group{display:none}.fa-check-circle::before{content:"\\2713";color:#1a7f37}
.fa-times::before{content:"\\2717";color:#cf222e}.fa-exclamation-triangle::before{content:"!";color:#9a6700}
.passed{color:#1a7f37}.failed{color:#cf222e}.warned{color:#9a6700}
"""

_SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.DOTALL | re.IGNORECASE)
_LINK = re.compile(r"<link\b[^>]*>", re.IGNORECASE)
_REMOTE_IMAGE = re.compile(r"<img\b[^>]*\bsrc\s*=\s*[\"']?(?:https?:)?//[^>]*>", re.IGNORECASE)
_REMOTE_ANCHOR = re.compile(r"<a\b[^>]*\bhref\s*=\s*[\"']?(?:https?:)?//[^>]*>(.*?)</a\s*>", re.DOTALL | re.IGNORECASE)
_REMOTE_URL = re.compile(r"url\(\s*[\"']?(?:https?:)?//[^)]*\)", re.IGNORECASE)
_HANDLER = re.compile(r"\son\w+\s*=\s*(?:\"[^\"]*\"|'[^']*')", re.IGNORECASE)
_STYLE_BLOCK = re.compile(r"(<style\b[^>]*>)(.*?)(</style\s*>)", re.DOTALL | re.IGNORECASE)
_HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)


def clear(docs_dir: Path) -> None:
    """Remove an earlier build of the docs, and only that."""
    for name in _OURS:
        path = docs_dir / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def finish(docs_dir: Path, outcomes: Sequence[CheckOutcome], suites: Mapping[str, str]) -> None:
    """Make a build of the docs readable offline and give it an index.

    Args:
        docs_dir: Folder of the build.
        outcomes: What the checks found.
        suites: The suite of each check, by its name.
    """
    docs_dir.mkdir(parents=True, exist_ok=True)  # nothing was built where the warehouse could not be read
    for page in docs_dir.rglob("*.html"):
        page.write_text(offline(page.read_text(encoding="utf-8")), encoding="utf-8")
    shutil.rmtree(docs_dir / "static", ignore_errors=True)
    pages = {name: _page_of(docs_dir, suite) for name, suite in suites.items()}
    (docs_dir / "index.html").write_text(index(outcomes, pages), encoding="utf-8")


def offline(page: str) -> str:
    """Return an HTML page without scripts and without anything that is fetched from the network."""
    page = _SCRIPT.sub("", page)
    page = _LINK.sub("", page)
    page = _REMOTE_IMAGE.sub("", page)
    page = _REMOTE_ANCHOR.sub(r"\1", page)
    page = _HANDLER.sub("", page)
    page = _STYLE_BLOCK.sub(lambda block: block[1] + _REMOTE_URL.sub("none", block[2]) + block[3], page)
    return _HEAD_END.sub(lambda _: f"<style>{_STYLE}</style></head>", page, count=1)


def index(outcomes: Sequence[CheckOutcome], pages: Mapping[str, str | None]) -> str:
    """Return the index page: one row per check, what failed first."""
    ordered = sorted(outcomes, key=lambda o: (o.passed, o.severity != "block"))
    rows = "\n".join(_row(outcome, pages.get(outcome.check_name)) for outcome in ordered)
    n_failed = sum(not outcome.passed for outcome in outcomes)
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="UTF-8"><title>OnRecord: checks</title>'
        f"<style>{_STYLE}</style></head><body><h1>Checks</h1><p>{len(outcomes)} checks, {n_failed} did not hold.</p>"
        "<table><thead><tr><th>Result</th><th>Check</th><th>Table</th><th>If it fails</th>"
        f"<th>What was observed</th></tr></thead><tbody>\n{rows}\n</tbody></table></body></html>\n"
    )


def _row(outcome: CheckOutcome, page: str | None) -> str:
    if outcome.passed:
        css, verdict = "passed", "✓ passed"
    elif outcome.error is not None:
        css, verdict = "failed", "✗ error"
    else:
        css, verdict = ("failed", "✗ failed") if outcome.severity == "block" else ("warned", "! warning")
    name = escape(outcome.check_name)
    link = f'<a href="{escape(page)}">{name}</a>' if page else name
    effect = "blocks" if outcome.severity == "block" else "warns"
    observed = escape(outcome.detail) + _failed_rows(outcome.failed_rows)
    cells = (f'<span class="{css}">{verdict}</span>', link, escape(outcome.table_name), effect, observed)
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _failed_rows(rows: Sequence[Mapping[str, Value]]) -> str:
    """Return the failing rows as a table that folds out; nothing if there are none."""
    if not rows:
        return ""
    head = "".join(f"<th>{escape(name)}</th>" for name in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{escape(str(v))}</td>' for v in row.values())}</tr>" for row in rows)
    return f"<details><summary>rows ({len(rows)})</summary><table><tr>{head}</tr>{body}</table></details>"


def _page_of(docs_dir: Path, suite: str) -> str | None:
    """Return the path of a suite's results, relative to the index; None if it did not run."""
    found = sorted((docs_dir / "validations" / suite).rglob("*.html"))
    return found[-1].relative_to(docs_dir).as_posix() if found else None
