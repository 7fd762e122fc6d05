"""Recipients of personal copies."""

from brief.model.access import Clearance
from brief.model.record import dataclass
from brief.model.source_location import Located, Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient(Located):
    """One person: which variant they get, and their clearance, if known.

    `copy` is the number of their copy; without it they get the next free one. If `formats` is empty, they get all of the
    variant's.
    """

    name: str
    address: Ref | None = None
    audience: Ref
    locale: Ref
    formats: tuple[Ref, ...] = ()
    clearance: Clearance | None = None
    copy: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientList(Located):
    """A file of recipients, which may be anywhere."""

    recipients: tuple[Recipient, ...]
