"""Candidates, judgements, lifecycle, tasks, reunification."""
