"""Tables from files: CSV and workbooks, with the row and column of every cell."""
