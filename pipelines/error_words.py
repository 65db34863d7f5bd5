"""Errors in words, for a person.

Belongs here: taking Python's frame off a message. Does not belong here: what a message says.
"""

from __future__ import annotations

import re


def in_words(message: str) -> str:
    """Return an error's message as one line without the name of its class, which tells a person nothing.

    A worker process sends its whole traceback along; the last line says what happened. An error that says nothing
    by itself (KeyError: 'x') keeps its name.
    """
    lines = [line.strip(' "') for line in message.splitlines() if line.strip(' "')]
    line = (lines[-1] if "Traceback" in message else " ".join(lines)) if lines else "no message"
    name, colon, said = line.partition(": ")
    is_class = colon and name.replace(".", "").replace("_", "").isalnum() and name.rpartition(".")[2][:1].isupper()
    if not is_class or " " not in said:
        return line
    return re.sub(r"^\[Errno \d+\] ", "", said)
