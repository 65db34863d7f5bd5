"""What the pages ask of the published file: a module for each page, SQL in, rows out.

Belongs here: SELECTs on core, mart and ops. Does not belong here: HTML, plots, any knowledge of a browser.
"""
