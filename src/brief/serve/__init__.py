"""The web page: what a browser shows of packs and messages."""
