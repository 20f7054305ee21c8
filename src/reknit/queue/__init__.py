"""The Job row and enqueue (comes with a later issue)."""
