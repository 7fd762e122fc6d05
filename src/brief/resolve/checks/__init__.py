"""Checks of the whole brief: references, wording, parity of locales, and what texts disclose."""
