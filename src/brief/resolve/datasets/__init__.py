"""Datasets of a brief: what an audience may see, and the tables and charts that take their figures from datasets."""
