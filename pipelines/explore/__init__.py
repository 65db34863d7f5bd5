"""The published file in a browser: search, people, quotes, articles, outlets, health.

Belongs here: what is asked of the file (queries/), how text is marked (highlight.py), plots (plots.py), the pages
(web.py, templates/, static/). Does not belong here: anything that writes, or a page that needs an outside address.
"""
