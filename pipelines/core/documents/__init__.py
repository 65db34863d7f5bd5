"""Bytes of one record -> an article version: text, sections, metadata; and which article it is.

Covers decoding, one reader a format, dates, datelines, language, quality, identity and duplicates. It does not cover
fetching and storing (``pipelines.storage``), sentences and statements (``pipelines.core.attribution``) and near copies
of a story.

The face of the package is `read.read_record`, `parse.read_documents` and `parse.assemble`.
"""
