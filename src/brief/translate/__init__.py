"""Translations: their states, files for translators and from them, conversion between locales, and the lockfile."""
