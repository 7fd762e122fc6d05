"""Snapshots of a project's packs: the accepted texts, fonts, outlines and pages, and how packs differ from them."""
