"""Bytes of one record -> an article version: text, sections, metadata; and which article it is.

Belongs here: decoding, one reader a format, dates, datelines, language, quality, identity and
duplicates. Does not belong here: fetching and storing (``pipelines.storage``), sentences and statements
(``pipelines.core.attribution``), near copies of a story.

The face of the package is `read.read_record`, `parse.read_documents` and `parse.assemble`.
"""
