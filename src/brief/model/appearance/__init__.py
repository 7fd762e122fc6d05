"""How documents look: colours and their contrast, faces, and what `set.yaml` and `brand.yaml` say of them."""
