"""Reads tables from CSV files and workbooks, with the row and column of every cell."""
