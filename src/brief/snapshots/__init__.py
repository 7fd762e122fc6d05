"""Snapshots of a project's own packs: their texts, fonts, outlines and pages, as accepted, and what has drifted since."""
