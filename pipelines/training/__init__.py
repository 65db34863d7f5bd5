"""How the fitted numbers in `pipelines/reference` are made again from a gold corpus; no part of production."""
