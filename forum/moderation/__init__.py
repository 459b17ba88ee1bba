"""Every entry under the eyes of staff: let through, hide with a reason, restore. Entered by facilitators.

Owns: ModerationEntry.
"""
