"""Benchmarks: accuracy, speed and memory on corpora that lie outside the project, beside other tools (extra `bench`).

Belongs here: reading a corpus, running the shipped pipeline over it in memory, printing figures. Does not belong here:
how a score is counted (core), and anything that a run needs.
"""
