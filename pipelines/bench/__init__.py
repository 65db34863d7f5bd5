"""Benchmarks: speed, memory and accuracy beside other tools (extra `bench`). Nothing here is imported at run time."""
