"""The web page: what a browser shows of a project, and of mail messages."""
