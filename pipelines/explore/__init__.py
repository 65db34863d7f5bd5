"""The published file in a browser: search, people, quotes, articles, outlets, health.

Covers what is asked of the file (queries/), how text is marked (highlight.py), plots (plots.py), the pages (web.py,
templates/, static/).
"""
