"""Charts by Vega-Lite specifications: in the colours and faces of a look, drawn by vl-convert, checked for overlap."""
