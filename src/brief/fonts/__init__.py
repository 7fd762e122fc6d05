"""Floor 3: the faces that documents are set in: which there are, and the Latin ones that come with the program."""
