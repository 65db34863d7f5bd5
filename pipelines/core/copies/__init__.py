"""Which articles print the same story: near copies of one text, over outlets and days.

Belongs here: comparing bodies with each other. Does not belong here: reading a document (core/documents), and
wording that recurs in different stories.
"""
