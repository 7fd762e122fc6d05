"""Sends a plan over SMTP, with a ledger that prevents sending any message twice."""
