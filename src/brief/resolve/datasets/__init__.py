"""Datasets of a brief: what an audience may see of them, and the tables and charts that take their figures from them."""
