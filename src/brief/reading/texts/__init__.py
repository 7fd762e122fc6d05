"""The markup of texts: inline Markdown, long prose, formulas."""
