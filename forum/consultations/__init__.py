"""Consultations and their sittings: opened by facilitators, entered by a join code or QR.

Owns: CityPack, Dimension, Area, StakeholderGroup, Agency, Consultation, Notice, Question, ForumSession,
ReferenceDocument.
"""
