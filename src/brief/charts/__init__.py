"""Layer 3: draws charts as SVG; also as PNG and as text alternatives."""
