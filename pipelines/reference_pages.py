"""``python -m pipelines.reference_pages [--check]``: docs/commands.md, settings.md, checks.md and speech-acts.md.

How commands, settings, checks and speech acts read as pages. What they say stands beside them: in the command line's
help, in the docstrings of settings.py, in expectations/suites, in contracts/speech_acts.py and the
lexicon. Tables have pages of their own (contracts/docs.py).
"""

from __future__ import annotations

import argparse
import ast
import inspect
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import typer

from expectations.suites import all_checks
from pipelines import cli, settings
from pipelines.contracts.speech_acts import CUE_CLASSES, TARGET_KINDS
from pipelines.core.attribution.cues import ATTITUDE_CLASSES, SILENT_CLASSES, parse_cue_lexicon
from pipelines.settings import PROJECT_ROOT, REFERENCE_DIR, Settings, Source

_MADE = "<!-- made by `python -m pipelines.reference_pages`: change the code that it is made from -->"
_SEVERITY = {"block": "stops the publication", "warn": "warns"}


def pages() -> dict[str, str]:
    """Return the pages: path from the root of the checkout to its text."""
    return {
        "docs/commands.md": _page(_commands()),
        "docs/settings.md": _page(_settings()),
        "docs/checks.md": _page(_checks()),
        "docs/speech-acts.md": _page(_speech_acts()),
    }


def _page(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


# ---------------------------------------------------------------- commands
def _commands() -> Iterator[str]:
    group: Any = typer.main.get_command(cli.app)
    yield from ("# Commands", "", _MADE, "", "What `onrecord COMMAND --help` prints. Exit status: 0 done, 1 something")
    yield "failed (standard error says what, in a line each), 2 wrong use, 130 stopped. `onrecord --install-completion`"
    yield "lets your shell complete commands, options and tables."
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from ("", f"## onrecord {name}", "", _words(command.help))
            for action, own in sorted(command.commands.items()):
                yield from _command(f"{name} {action}", own, "###")
        else:
            yield from _command(name, command, "##")


def _command(name: str, command: Any, level: str) -> Iterator[str]:  # noqa: ANN401  typer's own type
    context = command.make_context(name, [], resilient_parsing=True)
    usage = " ".join(command.collect_usage_pieces(context))
    yield from ("", f"{level} onrecord {name}", "", _words(command.help), "", "```text", f"onrecord {name} {usage}")
    yield from (_words(command.epilog), "```")
    rows = [row for param in command.get_params(context) if (row := _parameter(param, context)) is not None]
    if rows:
        yield from ("", "| | |", "|---|---|", *rows)


def _parameter(param: Any, context: Any) -> str | None:  # noqa: ANN401  typer's own types
    if "--help" in param.opts:
        return None
    name, text = param.get_help_record(context) or (param.human_readable_name, "")
    name, _, kind = name.replace(" <int range>", " N").partition(" <")
    if "|" in kind:
        name += f" {kind.rstrip('>')}"
    return f"| `{_cell(name)}` | {_cell(_words(text))} |"


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


# ---------------------------------------------------------------- settings
def _settings() -> Iterator[str]:
    yield from (
        "# Settings",
        "",
        _MADE,
        "",
        "Environment variables, read by every command and service. A value that is",
    )
    yield "not valid ends the command in one line that names it."
    yield from ("", "| variable | default | meaning |", "|---|---|---|")
    for name, default, text in _fields(Settings):
        yield f"| `ONRECORD_{name.upper()}` | {default} | {_cell(text)} |"
    yield from ("", "`ONRECORD_TRACEBACK=1` shows the whole traceback of an error in place of its one line.", "")
    yield from (
        "## sources.yaml",
        "",
        "In the data folder: a list under `sources`, whose entries have these fields, and",
    )
    yield "exactly one of `paths`, `feed` and `sitemap` ([sources.md](sources.md))."
    yield from ("", "| field | default | meaning |", "|---|---|---|")
    for name, default, text in _fields(Source):
        yield f"| `{name}` | {default} | {_cell(text or 'Name of the source; letters, digits, `_`, `.`, `-`.')} |"


def _fields(model: type[Settings | Source]) -> Iterator[tuple[str, str, str]]:
    """Yield name, default and docstring of each field, in the order of the code."""
    tree = ast.parse(Path(inspect.getsourcefile(settings) or "").read_text(encoding="utf-8"))
    (found,) = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == model.__name__)
    for node, after in zip(found.body, [*found.body[1:], None], strict=True):
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and node.target.id in model.model_fields
        ):
            is_told = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
            text = _words(str(after.value.value)) if is_told else ""  # type: ignore[union-attr]
            yield node.target.id, _default(model, node.target.id), text


def _default(model: type[Settings | Source], name: str) -> str:
    field = model.model_fields[name]
    if field.is_required() or field.default in (None, (), {}):
        return ""
    return "`data`" if name == "data_dir" else f"`{field.default}`"


# ---------------------------------------------------------------- checks
def _checks() -> Iterator[str]:
    checks = all_checks()
    n_block = sum(check.severity == "block" for check in checks)
    yield from (
        "# Checks",
        "",
        _MADE,
        "",
        f"What Great Expectations looks at before each publication: {n_block} checks that",
    )
    yield f"stop it and {len(checks) - n_block} that warn. Keys, references, accepted values and NULLs are dbt's, as"
    yield "[tables.md](tables.md) has them. Results are in `ops.check_results`, and in `data_docs/` of the data folder."
    for severity, words in _SEVERITY.items():
        yield from (
            "",
            f"## {words.capitalize()}",
            "",
            "| check | looks at | what must hold | why |",
            "|---|---|---|---|",
        )
        for check in checks:
            if check.severity == severity:
                claim, reason = _cell(_words(check.claim)), _cell(_words(check.reason))
                yield f"| `{check.name}` | `{check.table}` | {claim} | {reason} |"


# ---------------------------------------------------------------- speech acts
def _speech_acts() -> Iterator[str]:
    entries = parse_cue_lexicon((REFERENCE_DIR / "cue_lexicon.csv").read_text(encoding="utf-8")).entries
    yield from ("# Speech acts and targets", "", _MADE, "", "## cue_class", "")
    yield f"The cue that reports a statement (*said*, *threatened*, *according to*) has one of {len(CUE_CLASSES)}"
    yield "classes, by its dictionary form and by whether it is a verb, a noun or a phrase: the noun *suggestion* is no"
    yield "*suggest*. If there is no cue, or the lexicon does not have it, `cue_class` is NULL in `core.statements` and"
    yield "`none` where marts count by it. A class tells how the text reports, not whether it is true. Filter by"
    yield "`cue_lemma` where a class is wider than your question: *accuse* is one of the verbs of `criticize`."
    for name, meaning in CUE_CLASSES.items():
        yield from ("", f"### {name}", "", meaning + _kind_of_class(name))
        for form, plural in (("verb", "Verbs"), ("noun", "Nouns"), ("phrase", "Phrases")):
            lemmas = sorted({entry.lemma for entry in entries if (entry.cue_class, entry.form) == (name, form)})
            if lemmas:
                yield from ("", f"{plural}: {', '.join(map(_lemma, lemmas))}.")
    yield from ("", "## target_kind", "", "`core.statement_targets` has to, about and through whom a statement is")
    yield "made, in these kinds. In marts the speaker is never its own target."
    yield from ("", "| target_kind | who is meant |", "|---|---|")
    yield from (f"| `{name}` | {_cell(meaning)} |" for name, meaning in TARGET_KINDS.items())


def _kind_of_class(name: str) -> str:
    if name in SILENT_CLASSES:
        return " Neither words nor a thought (`is_attitude`)."
    return " A thought, wish or feeling and not speech (`is_attitude`)." if name in ATTITUDE_CLASSES else ""


def _lemma(lemma: str) -> str:
    return {":": "a name and a colon", "—": "a dash and a name behind a quote"}.get(lemma, lemma)


def main(arguments: list[str] | None = None) -> int:
    """Write or check the pages; the exit status is 1 if ``--check`` found one that differs."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.reference_pages", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is not up to date")
    options = parser.parse_args(arguments)
    stale = {path: text for path, text in pages().items() if _text_of(PROJECT_ROOT / path) != text}
    for path, text in stale.items():
        if not options.check:
            (PROJECT_ROOT / path).write_text(text, encoding="utf-8")
        print(f"{path}: {'not up to date; run `python -m pipelines.reference_pages`' if options.check else 'written'}")
    return 1 if options.check and stale else 0


def _text_of(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
