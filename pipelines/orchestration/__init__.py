"""The Dagster shell: assets, checks, partitions, jobs, schedules, sensors.

Belongs here: reading the lake, calling one pure function, writing, reporting metadata. Does not belong
here: anything that decides what a row says (core), or how a file is written (storage).
"""

import warnings

# Links from an asset to its code: a user can do nothing about what Dagster says of them.
warnings.filterwarnings("ignore", message="(?s).*(CodeReference|source_code_ref).* is currently in beta")
