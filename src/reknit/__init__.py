"""Reknit: find who is whom across lists, scripts and spellings, and say why."""

__version__ = "0.1.0"
