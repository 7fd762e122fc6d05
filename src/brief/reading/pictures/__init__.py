"""Pictures that authors bring, read, checked and converted."""
