"""Lists, messages and registrations become rows for casework (comes with a later issue)."""
