"""Reads what came back: delivery status notifications in a mailbox, and whom in the ledger they are about."""
