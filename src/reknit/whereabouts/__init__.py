"""Sightings in, places with probability out (comes with a later issue)."""
