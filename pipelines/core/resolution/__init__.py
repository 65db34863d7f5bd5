"""Actors: who speaks, first within one article, then over all articles.

Modules: `reference` (our own facts, parsed), `names` (a name taken apart and folded), `kinds` (what kind of actor a
surface tells of), `confidence` (how sure each rule is), `article` (one article's entities), `anaphora` (pronouns,
roles and groups), `interviews` (who speaks without quotation marks), `sources` (who a statement's source is),
`resolve` (frames in, frames out), `assign` (entities of all articles to actors), `namesakes` (people of one name),
`roles` (offices as dated facts), `overrides` (human corrections), `changes` (since the last publication), `score`
(how right it is).
"""
