"""The Dagster shell: assets, checks, partitions, jobs, schedules, sensors.

Covers reading the lake, calling one pure function, writing and reporting metadata. For anything that decides what a row
says, see core; for how a file is written, see storage.
"""

import warnings

# Links from an asset to its code: a user can do nothing about what Dagster says of them.
warnings.filterwarnings("ignore", message="(?s).*(CodeReference|source_code_ref).* is currently in beta")
