"""Gazetteer and distance."""
