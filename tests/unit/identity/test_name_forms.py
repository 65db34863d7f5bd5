"""Aliases: printed forms made of a name's own words, and none that a headline ran together."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.core.identity.name_forms import name_forms
from pipelines.core.reference import Reference


@pytest.mark.parametrize(
    ("name", "actor_type", "alias", "is_alias"),
    [
        ("Petra Lunn", "person", "Lunn", True),
        ("Petra Lunn", "person", "Petra Q. Lunn Jr.", True),
        ("Petra Lunn", "person", "Lunn Says", False),
        ("Petra Lunn", "person", "Delegates Turn On Petra Lunn", False),
        ("Petra Lunn", "person", "Edel-Lunn", False),
        ("Vessen Rivers Board", "org", "Rivers Board", True),
        ("Vessen Rivers Board", "org", "VRB", True),
        ("Vessen Rivers Board", "org", "Rivers Board Wants", False),
        ("France", "country", "French", True),
        ("France", "country", "Many French", False),
        ("dock workers", "group", "Angry dock workers", True),
    ],
)
def test_aliases(name: str, actor_type: str, alias: str, is_alias: bool, reference: Reference) -> None:
    aliases = pl.DataFrame({"unit": [1], "alias": [alias], "alias_norm": [alias.lower()], "n": [1]})
    named = pl.DataFrame({"unit": [1], "name": [name], "actor_type": [actor_type]})
    assert name_forms(aliases, named, reference).height == int(is_alias)
