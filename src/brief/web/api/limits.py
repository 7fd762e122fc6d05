"""The resource limits of a caller, of a pack request and of the whole service."""

from brief.model.record import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the service; the defaults suit a team on one machine.

    Up to `slots` artifacts are built at once. At most `jobs` pack requests may be unfinished, `jobs_of_caller` of them
    from one caller, each with up to `variants` artifacts. A pack request may take `seconds` from the start of its first
    task, and an artifact `variant_seconds`; a worker may use `memory` bytes. A request body may have `body` bytes and
    must arrive within `body_seconds`. A caller may send `requests` requests a second on average and `burst` at once,
    and follow `streams` pack requests at the same time. Pack requests that have ended are kept for `keep_seconds`, up
    to `kept` of them; artifacts are kept up to `artifact_bytes` in total.
    """

    slots: int = 2
    jobs: int = 200
    jobs_of_caller: int = 50
    variants: int = 500
    seconds: float = 600
    variant_seconds: float = 180
    memory: int = 4 << 30
    body: int = 2_000_000
    body_seconds: float = 10
    requests: float = 50
    burst: int = 200
    streams: int = 20
    keep_seconds: float = 7 * 24 * 3600
    kept: int = 2_000
    artifact_bytes: int = 2 << 30
