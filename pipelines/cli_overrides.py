"""`onrecord override ...`: the arguments of its five actions.

Covers what `cli` is for the other commands. For what a correction is, see commands/override.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup


class QuickGroup(TyperGroup):
    """A group of commands whose help is quick: its flags that are not given are False, not None.

    To see that None is none, typer loads pydantic, which takes longer than all the rest of --help.
    """

    def get_params(self, ctx: typer.Context) -> list[Any]:
        """Return the options before a command, all of them flags."""
        params = super().get_params(ctx)
        for param in params:
            param.default = param.default or False
        return params


overrides = typer.Typer(
    cls=QuickGroup,
    help="Correct who is who. The correction is noted in a log and applied by every later run.",
    epilog="example: onrecord override merge 'Mariya Zakharova' 'Maria Zakharova' --reason 'one person'",
)

_Name = Annotated[str, typer.Argument(metavar="NAME", help="name that the actor goes by now")]
_Into = Annotated[str, typer.Argument(metavar="INTO", help="name that holds instead")]
_New = Annotated[str, typer.Argument(metavar="NEW", help="name that holds instead")]
_Reason = Annotated[str, typer.Option(metavar="TEXT", help="why; it is published with the correction")]
_By = Annotated[str | None, typer.Option(metavar="NAME", help="who says so (default: the user's name)")]


@overrides.command(epilog="example: onrecord override merge 'Mariya Zakharova' 'Maria Zakharova' --reason typo")
def merge(name: _Name, into: _Into, reason: _Reason, by: _By = None) -> int:
    """Make NAME and INTO one actor, called INTO."""
    return _correct("merge", into, reason, by, name=name)


@overrides.command(epilog="example: onrecord override rename 'Ana Lind' 'Ana Lind-Berg' --reason 'her name now'")
def rename(name: _Name, new: _New, reason: _Reason, by: _By = None) -> int:
    """Show NAME as NEW."""
    return _correct("rename", new, reason, by, name=name)


@overrides.command(epilog="example: onrecord override split 'Ana Lind' 'Ana Lind (poet)' --version 3f2a --reason 'two'")
def split(
    name: _Name,
    new: _New,
    version: Annotated[list[str], typer.Option(metavar="VERSION", help="version_id of a text; may be repeated")],
    reason: _Reason,
    by: _By = None,
) -> int:
    """Say that NAME in some article versions is another person, NEW."""
    return _correct("split", new, reason, by, name=name, versions=version)


@overrides.command(
    epilog="example: onrecord override speaker 3f2a 'the bridge is closed' 'Bo Lind' --reason 'heard it'"
)
def speaker(
    version: Annotated[str, typer.Argument(metavar="VERSION", help="version_id of the article's text")],
    words: Annotated[str, typer.Argument(metavar="WORDS", help="words of the statement, as printed")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="who said them")],
    reason: _Reason,
    by: _By = None,
) -> int:
    """Say that it was NAME who said WORDS in a version."""
    return _correct("speaker", name, reason, by, words=words, versions=[version])


@overrides.command("list", epilog="example: onrecord override list")
def list_overrides() -> int:
    """List all corrections, and which of them find nothing any more."""
    from pipelines.commands import override as command

    return command.show()


def _correct(action: str, value: str, reason: str, by: str | None, **about: Any) -> int:  # noqa: ANN401
    from pipelines.commands import override as command

    return command.correct(action, value, reason=reason, by=by, **about)
