"""Mails packs to recipients, once each: composing, planning, sending and the ledger of what was sent."""
