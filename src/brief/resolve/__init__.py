"""Turns the brief as authored into variants: removes withheld content, and words the rest.

Content is withheld here and nowhere else.
"""
