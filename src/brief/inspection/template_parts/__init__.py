"""Inspects parts that templates print beside the words of the content: contents, page numbers, figures of charts."""
