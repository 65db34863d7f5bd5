"""The commands of `onrecord`, a module each: what it does once its arguments are read.

Covers calling the pipeline and showing results. For argument parsing, see cli.py.
"""
