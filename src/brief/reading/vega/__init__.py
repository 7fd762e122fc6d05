"""Vega-Lite specifications of a project, read and checked."""
