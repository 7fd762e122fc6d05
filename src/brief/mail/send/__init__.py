"""Sending a plan over SMTP, and the ledger that keeps any message from being sent twice."""
