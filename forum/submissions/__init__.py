"""The phone: join, write one idea, get a receipt, correct it, withdraw it. Entered by participants.

Owns: Submission, SubmissionVersion, Photo, Contact, Consent.
"""
