"""Translations: their state, export to translators, import of what comes back, and the lockfile."""
