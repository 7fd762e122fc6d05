"""The reference document of a template set: opening, checking, theming and filling it in."""
