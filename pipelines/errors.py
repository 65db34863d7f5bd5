"""Messages for a person: the error that says what to do, any other error as one line, numbers with their nouns."""

from __future__ import annotations

import errno
import re

_UNHARMED = "nothing published was changed; free some space and run again"
_DENIED = "OnRecord may not read or write there; give its user the right, or set ONRECORD_DATA_DIR to another folder"
_DENIED_WORDS = ("Permission denied", "Read-only file system", "Operation not permitted")
_DENIED_SQLITE = ("attempt to write a readonly database", "unable to open database file")
_FULL_SQLITE = ("database or disk is full", "disk I/O error")


class UsageError(Exception):
    """The command cannot do what was asked; the message is one line that says what to do."""


def counted(n: int, noun: str, nouns: str | None = None) -> str:
    """Return a number with its noun: 1 row, 2,000 rows; `nouns` where the plural is not made with an s."""
    return f"{n:,} {noun if n == 1 else nouns or f'{noun}s'}"


def one_line(error: BaseException) -> str:
    """Return an error as one line; a full disk is told as what it is, wherever it was noticed."""
    text = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk is full ({error.filename or 'while writing'}): {_UNHARMED}"
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return f"{error.filename or 'a file'}: {error.strerror}: {_DENIED}"
    if any(words in text for words in _DENIED_SQLITE):
        return f"the data folder is read-only (Dagster cannot keep its records): {_DENIED}"
    if any(words in text for words in _FULL_SQLITE):  # Dagster's own records; its message holds the whole SQL
        return f"the disk is full or failing (while Dagster kept its records): {_UNHARMED}"
    return text


def in_words(message: str) -> str:
    """Return an error's message as one line without the name of its class, which tells a person nothing.

    A worker process sends its whole traceback along; the last line says what happened. An error that says nothing
    by itself (KeyError: 'x') keeps its name.
    """
    lines = [line.strip(' "') for line in message.splitlines() if line.strip(' "')]
    line = (lines[-1] if "Traceback" in message else " ".join(lines)) if lines else "no message"
    name, colon, said = line.partition(": ")
    is_class = colon and name.replace(".", "").replace("_", "").isalnum() and name.rpartition(".")[2][:1].isupper()
    if is_class and " " in said:
        line = re.sub(r"^\[Errno \d+\] ", "", said)
    return f"{line}: {_DENIED}" if any(words in line for words in _DENIED_WORDS) else line
