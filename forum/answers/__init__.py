"""The official response to each theme and the public page "what we heard, what we do". Entered by planners.

Owns: Response, Publication.
"""
