"""Layer 7: mails packs to recipients, each message exactly once: composing, planning, sending and the ledger of what
was sent.
"""
