"""Actors: who speaks, first within one article, then over all articles.

Modules: `reference` (our own facts, parsed), `names` (a name taken apart and folded), `kinds` (what kind of actor a
surface tells of), `confidence` (how sure each rule is), `article` (one article's entities), `anaphora` (pronouns,
roles and groups), `resolve` (frames in, frames out), `assign` (entities of all articles to actors).
"""
