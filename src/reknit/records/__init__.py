"""Stored accounts of people, enquiries, sources, lineage, versions (comes with a later issue)."""
