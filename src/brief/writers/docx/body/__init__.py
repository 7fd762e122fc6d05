"""The body of a Word document: blocks, tables, pictures, footnotes, contents."""
