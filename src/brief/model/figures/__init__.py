"""Quantities, units and datasets."""
