"""Who speaks, within one article.

Modules: `words` and `phrases` (what a surface tells), `descriptions` (roles, bodies, groups, documents), `mentions` (an
article's mentions, read), `entity` and `entities` (names that are one actor), `features`, `scorer` and `speakers` (whom
pronouns and descriptions stand for), `interviews` (who speaks without quotation marks), `sources` (what is said of a
statement's source), `resolve` (frames in, frames out).
"""
