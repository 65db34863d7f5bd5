"""Which articles print the same story: near copies of one text, over outlets and days.

Covers comparing bodies with each other. For reading a document, see core/documents.
"""
