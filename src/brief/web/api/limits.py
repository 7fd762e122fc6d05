"""What one caller, one order and the whole service may take up."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of the service; each has a default that suits a team on one machine.

    `slots` variants are built at once. `jobs` orders may be unfinished, `jobs_of_caller` of them by one caller, each with up to
    `variants` artifacts. A job may take `seconds` from its first variant on, a variant `variant_seconds`, a worker `memory`
    bytes. A body may have `body` bytes and must come within `body_seconds`. A caller may send `requests` requests a second
    on average, and `burst` at once, and follow `streams` jobs. Finished jobs are kept for `keep_seconds`, at most `kept`
    of them, and artifacts up to `artifact_bytes`.
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
