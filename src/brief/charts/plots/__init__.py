"""The kinds of charts: a module for each, or for several that share their plot."""
