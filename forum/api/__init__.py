"""Read-only open data: published results as JSON and the document that describes it. Entered by anybody.

Owns no table.
"""
