"""A live training session, picture by picture: the set-up check, the count-in, the sets and rests, the spoken and shown words.

The package is pure: it knows no clock, no network and no camera. All times are those of the poses.
"""
