"""Candidates, judgements, lifecycle, tasks, reunification (comes with a later issue)."""
