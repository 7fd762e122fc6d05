"""Floor 0: the types that everything else passes around. Standard library only, frozen, no I/O."""
