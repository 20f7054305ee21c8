"""Commands that measure Reknit beside peers in one run."""
