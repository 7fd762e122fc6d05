"""The HTTP API: orders of packs by programs, for callers who may each see a part of the project."""
