"""The public API of `brief`; everything else may change between releases."""
