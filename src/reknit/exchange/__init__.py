"""Bytes to plain rows and back."""
