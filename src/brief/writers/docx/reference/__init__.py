"""The reference document of a template set: opened, checked, themed and filled in."""
