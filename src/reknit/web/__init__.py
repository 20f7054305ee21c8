"""The web pages (comes with a later issue)."""
