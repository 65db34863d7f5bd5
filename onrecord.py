"""`import onrecord`: who says what in texts, and the published file, as Polars frames."""

from pipelines import __version__
from pipelines.library import News, extract, open

__all__ = ["News", "__version__", "extract", "open"]
