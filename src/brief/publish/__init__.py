"""Packs on disk: written atomically, verified, approved, archived, and copied for their recipients."""
