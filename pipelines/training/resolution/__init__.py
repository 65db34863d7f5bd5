"""Trains the scorer that tells whom an expression stands for.

Modules: `labels` (speakers told by readers), `corpora` (texts, extracted, with the mentions that gold names),
`targets` (which candidate of an expression is right), `examples` (what the scorer sees), `fit` (networks), `calibrate`
(probabilities that hold), `card` (figures).
"""
