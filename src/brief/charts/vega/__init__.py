"""Draws charts from Vega-Lite specifications with vl-convert, in the colours and faces of a look, and checks for overlap."""
