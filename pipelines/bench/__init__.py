"""Benchmarks: accuracy, speed and memory on corpora that lie outside the project, beside other tools (extra `bench`).

Covers reading a corpus, running the shipped pipeline over it in memory and printing figures. For how a score is
counted, see core.
"""
