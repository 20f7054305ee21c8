"""Envelope encryption, key ring, key store (comes with a later issue)."""
