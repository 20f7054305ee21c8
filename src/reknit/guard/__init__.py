"""Access, consent, disclosure, audit (comes with a later issue)."""
