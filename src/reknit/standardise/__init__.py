"""Text in, values out."""
