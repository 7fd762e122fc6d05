"""The live preview: what an author sees while writing, renewed with every saved file."""
