"""How documents look: colours and their contrast, fonts, and the settings of `set.yaml` and `brand.yaml`."""
