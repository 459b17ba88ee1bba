"""Entries that do not come from phones: files, read with care and undone per batch. Entered by facilitators.

Owns: ImportBatch, ImportedRow.
"""
