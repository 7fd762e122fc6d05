"""Formats counts in English messages."""


def format_count(count: float, noun: str, plural: str = "") -> str:
    """Returns a count with its noun in the singular or plural: "1 message", "2,000 messages", "0.5 seconds".

    `plural` is needed if the plural is not `noun` with an "s"; both may have further words: "file matches", "files match".
    """
    number = f"{count:,}" if isinstance(count, int) else f"{count:g}"
    return f"{number} {noun if count == 1 else plural or f'{noun}s'}"
