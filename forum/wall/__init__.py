"""The wall of the hall: how to take part, how many do, what they write and which themes grow, for the last row.

Staff put it on the projector. Everybody in the hall reads it, so it shows only what everybody may read.
Owns no tables.
"""
