"""Access, consent, disclosure, audit. `vault.py` alone holds whereabouts and contacts."""
