"""Formats counts in English messages."""


def format_count(count: float, noun: str, plural: str = "") -> str:
    """Returns a count and its noun: "1 message", "2,000 messages"; `plural` is the noun's plural if "s" does not make it."""
    number = f"{count:,}" if isinstance(count, int) else f"{count:g}"
    return f"{number} {noun if count == 1 else plural or f'{noun}s'}"
