"""Agree, disagree, pass on what others wrote. Entered by participants.

Owns: Reaction.
"""
