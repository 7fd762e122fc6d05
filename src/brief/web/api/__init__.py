"""The HTTP API: programs order packs, and each caller may see only a part of the project."""
