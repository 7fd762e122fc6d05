"""Reads and checks the Vega-Lite specifications of a project."""
