"""Mails packs to recipients, each message at most once: composing, planning, sending, and the ledger of messages."""
