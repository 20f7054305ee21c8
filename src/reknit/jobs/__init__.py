"""The handlers that the queue runs (comes with a later issue)."""
