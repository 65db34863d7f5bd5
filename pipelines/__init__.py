"""OnRecord: raw news in, a warehouse of who said what, when and where it was printed, out."""

__version__ = "0.1.0"
