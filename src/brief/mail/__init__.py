"""Packs to people, once each: composing, planning, sending and the ledger of what was sent."""
