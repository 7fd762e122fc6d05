"""Reads bounces: delivery status notifications in a mailbox, matched to the messages in the ledger."""
