"""Measurements of the project. ``python -m bench`` runs all of them; each prints a table and writes JSON."""
