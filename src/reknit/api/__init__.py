"""The API (comes with a later issue)."""
