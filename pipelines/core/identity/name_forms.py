"""Which printed forms of a name are aliases: those that are made of the name's own words.

Covers that rule. For who is meant, see `article`. It does not cover finding names in a text (the extraction).

A headline in capitals runs a name together with its neighbours (Carson Just Dropped); such a form is no alias.
"""

from __future__ import annotations

import polars as pl

from pipelines.core.reference import Reference
from pipelines.core.text.names import PARTICLES, SUFFIXES, fold, is_acronym


def name_forms(aliases: pl.DataFrame, named: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Return the rows of aliases whose words are those of the name that they stand for.

    Initials, suffixes, particles, acronyms and what the reference data know are words of any name. A country is called
    what the reference data call it or its people; groups are left as they are printed.

    Args:
        aliases: unit, alias, and what else there is.
        named: unit, name, actor_type.
        reference: known aliases and given names (Bill for William).
    """
    pairs = aliases.join(named.select("unit", "name", "actor_type"), on="unit", how="left")
    distinct = pairs.select("alias", "name", "actor_type").unique()
    kept = [row for row in distinct.iter_rows() if _is_form(row[0], row[1] or "", row[2] or "", reference)]
    wanted = pl.DataFrame(kept, schema=distinct.schema, orient="row")
    return pairs.join(wanted, on=["alias", "name", "actor_type"], how="semi", nulls_equal=True).select(aliases.columns)


def _is_form(alias: str, name: str, actor_type: str, reference: Reference) -> bool:
    if actor_type == "group" or reference.find(alias) is not None:
        return True
    if actor_type == "country":
        return not {fold(alias), fold(alias).removesuffix("s")}.isdisjoint(
            reference.demonyms.keys() | reference.metonyms.keys()
        )
    if is_acronym(alias):
        return True
    if "-" in alias and "-" not in name:
        return False
    own = set(fold(name).split())
    return all(
        word in own or len(word) == 1 or word in PARTICLES or word in SUFFIXES or word in reference.given_names
        for word in fold(alias).split()
    )
