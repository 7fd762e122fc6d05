"""The HTTP API: programs request packs, and each caller may see only a part of the project."""
