"""Turns the brief as authored into variants: removes withheld content, and formats the rest for a locale.

Content is withheld here and nowhere else.
"""
