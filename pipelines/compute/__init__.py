"""Where per-article work runs: this process or a pool, and the functions that workers call."""
