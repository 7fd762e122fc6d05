"""Packs on disk: written whole or not at all, verified, approved, archived, and copied for their recipients."""
