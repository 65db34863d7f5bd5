"""Trains the attribution model: `python -m pipelines.training.attribution --help` (extra `training`).

Read `examples` (gold to labels), `network` (the model), `fit` (training with checkpoints), `folds` and `teachers`
(larger models that the small one learns from), `export` (the file that ships), `card` (what is said of it). Nothing
here is imported at run time.
"""
