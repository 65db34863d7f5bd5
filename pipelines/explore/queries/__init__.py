"""What the pages ask of the published file: a module for each page, SQL in, rows out.

Covers SELECTs on core, mart and ops. It does not cover any knowledge of a browser.
"""
