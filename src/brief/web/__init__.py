"""The web service: what a browser shows of a project, and of mail messages."""
