"""Synthetic scenarios: invented people, families, lists and their errors."""
