"""A live session, picture by picture: the set-up check, the count-in, the set, the rest, and what is said and shown meanwhile.

Pure: no clock, no web, no camera. The times are those of the poses.
"""
