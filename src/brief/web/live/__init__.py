"""The live preview: pages for authors, which update with every saved file."""
