"""A command in a process whose every attempt to reach the network is written down.

Belongs here: starting it under strace, without a network where that can be had, and reading what it tried.
Does not belong here: what a command is for.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

_CALLS = "connect,sendto,sendmsg,sendmmsg"
_REACHED = re.compile(
    r"sa_family=AF_INET6?, .*?(?:inet_addr\(\"(?P<v4>[^\"]+)\"|inet_pton\(AF_INET6, \"(?P<v6>[^\"]+)\")"
)
_ASKED = re.compile(r"AF_UNIX, sun_path=\"(?P<path>[^\"]*(?:nscd|resolve|dns)[^\"]*)\"")
_HERE = ("127.", "::1")


def command(arguments: Sequence[str], notes: Path) -> list[str]:
    """Return a command that does the same, and writes into a folder what it tries to reach."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    notes.mkdir(parents=True, exist_ok=True)
    watched = [strace, "-ff", "--seccomp-bpf", "-qq", "-e", f"trace={_CALLS}", "-o", str(notes / "calls"), *arguments]
    alone = ["unshare", "--net", "sh", "-c", 'ip link set lo up 2>/dev/null; exec "$@"', "sh"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode == 0:
        return [*alone, *watched]
    return watched


def reached(notes: Path) -> list[str]:
    """Return every address that is not this machine's own, a name server among them, and every program that was asked
    for a name.
    """
    found = []
    for file in sorted(notes.glob("calls.*")):
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            address = _REACHED.search(line)
            told = (address["v4"] or address["v6"]) if address else ""
            if (told and not told.startswith(_HERE)) or _ASKED.search(line) or "htons(53)" in line:
                found.append(line)
    return found
