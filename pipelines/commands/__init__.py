"""The commands of `onrecord`, a module each: what it does once its arguments are read.

Belongs here: calling the pipeline and showing results. Does not belong here: argument parsing (cli.py).
"""
