"""The prioritised issue list as files, every line traceable, no contact data. Entered by planners.

Owns: ExportRecord.
"""
