"""Scores by several assessors, ranked with their spread and with the support beside. Entered by planners.

Owns: Criterion, Assessment, Score.
"""
