"""A match run as one self-contained page."""
