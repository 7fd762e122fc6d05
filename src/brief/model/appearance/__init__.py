"""How documents look: colours and their contrast, faces, and their settings in `set.yaml` and `brand.yaml`."""
