"""Layer 0: the types that all other packages use. Standard library only, frozen, no I/O."""
