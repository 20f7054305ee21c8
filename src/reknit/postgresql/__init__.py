"""Django's PostgreSQL, with statements that the server plans once (ADR 13)."""
