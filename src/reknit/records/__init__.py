"""Stored accounts of people, enquiries, sources, lineage, versions, judgements, documents.

Rules: accounts are never overwritten or merged, a new version follows the old; every change can be
undone; nothing that names a person is stored in clear.
"""
