"""Lists, messages and self-registrations become rows that casework picks up (comes with a later issue)."""
