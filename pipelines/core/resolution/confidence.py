"""How sure each rule is that it found the right actor: one table, with the reason beside each number.

Belongs here: numbers. Does not belong here: the rules. How they were found, 2026-11-22: for each rule the share of
right speakers among 200 labelled statements of PolNeAR (tests/quality/speaker_labels.json), drawn towards the
coreference gold (tests/quality/test_actors_quality.py) where there are few cases, and rounded. An actor's number counts
only what can go wrong between articles. `python -m pipelines.bench.speakers` prints the expected calibration error,
also on Wikinews, which was not used to find them.
"""

from __future__ import annotations

MENTION: dict[str, float] = {
    "name": 0.98,  # the full name stands there; what is left is two people of one name
    "role+name": 0.98,  # the same, and a role says that it is a person
    "surname": 0.98,  # one full name in the article has this surname
    "surname_last": 0.9,  # several have: the one whose full name stands most often, of two such the last before
    "surname_only": 0.75,  # the article gives no full name; the entity is the bare name itself
    "given_name": 0.9,  # "Jane": one person in the article has this first name
    "part_of_name": 0.7,  # the first word of one organisation's name
    "acronym": 0.95,  # initials of one organisation in the article
    "reference": 0.97,  # an alias of the reference data
    "metonym": 0.95,  # the building or capital may be meant as a place
    "demonym": 0.8,  # "the Israelis": the country is meant, loosely
    "org_noun": 0.7,  # "the foreign ministry", named once
    "org_reference": 0.85,  # "the ministry", one organisation in the article has this head noun
    "org_last": 0.7,  # several have: the one named last before
    "org_class": 0.6,  # "the company": the organisation of that kind that is spoken of
    "role": 0.93,  # one person in the article has this role
    "role_last": 0.45,  # several have: the one named last before
    "role_ranked": 0.8,  # "the candidate", and no role is told: the person spoken of
    "role_unnamed": 0.74,  # nobody in the article has this role: the role itself is all that is known
    "group": 0.93,  # "Western leaders": the group as printed
    "group_members": 0.85,  # "both leaders", exactly two persons are named just before
    "joint": 0.95,  # "France and Germany"
    "document": 0.93,  # "a leaked memo": the paper as printed
    "pronoun": 0.93,  # one person fits
    "pronoun_gender": 0.93,  # several persons, the most salient is of the right gender by the text's own words
    "pronoun_ranked": 0.88,  # several fit: the most salient one; news with many speakers is harder than the gold
    "pronoun_tied": 0.5,  # the same, and the second is nearly as salient, and none of them has spoken
    "pronoun_it": 0.75,  # one organisation or country is near
    "relative": 0.9,  # "who" straight after its noun
    "interviewee": 0.93,  # "I" in an answer of an interview with one person
    "interviewee_we": 0.7,  # "we" in such an answer: the one who speaks for others too
    "interviewee_other": 0.8,  # "I" of one of two who are asked: the answer names the other one, or himself
    "author": 0.75,  # "I" outside quotation marks in a piece with one author
    "role_ahead": 0.85,  # "the attorney general", whose name follows in the next sentences
    "role_known": 0.9,  # "the Vermont senator": one person in the article has had this office, by the reference data
    "pronoun_they": 0.5,  # "they" after two people or a group
    "first_person": 0.9,  # I, in the words of a known speaker
}
"""Method of `mention_entities` -> probability that rank 1 is right."""

STATEMENT: dict[str, float] = {
    "elided_subject": 0.95,  # the subject of the clause before, shared
    "carried_forward": 0.88,  # a quote with no source goes on with the last speaker, mostly
    "block_quote": 0.9,  # introduced by a sentence of its own
    "colon_lead_in": 0.97,  # "Lind: ..."
    "transcript": 0.98,  # the name opens the line
    "passive_agent": 0.95,  # "dismissed by ..."
    "relative": 0.95,
}
"""Attribution method of a statement -> factor on the confidence of its mention; 1 where none stands here."""

CANDIDATE = 0.5
"""Each further candidate has this share of the confidence of the one before it."""

ACTOR: dict[str, float] = {
    "reference": 0.99,  # name or alias of a curated actor
    "reference_surname": 0.95,  # the bare surname is curated; a namesake may be meant
    "full_name": 0.99,  # the same full name elsewhere; homonyms exist
    "namesake": 0.85,  # one of two people of that name, told apart by country and role
    "surname_near": 0.75,  # of several people the one whom the outlet, or the days around, name
    "override": 1.0,  # a person has said so
    "surname_most": 0.9,  # nearly all articles that give a full name mean one person
    "surname_unique": 0.93,  # only one person in the lake has this surname
    "surname_unique_untyped": 0.85,  # the same, and the article does not even tell that it is a person
    "provisional": 0.6,  # nothing but its own name
}
"""Method of `entity_actors` -> probability that the entity is this actor."""
