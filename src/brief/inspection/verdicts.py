"""Records in the store which artifacts had no withheld content, and decides whether that still holds after an edit.

A file without findings is recorded with what was searched for, and with the visible texts that excused a match, because
content of these is not withheld. The file has no findings today either if everything that is searched for today was
searched for then, and the audience may still see those texts. Content that is new, such as an edited sentence, is
searched for alone.
"""

import json
from collections.abc import Iterable, Set

from brief.inspection.extract import Part
from brief.inspection.leaks import make_name_part
from brief.inspection.search import AudienceSearch
from brief.model.artifact import Artifact
from brief.model.record import dataclass
from brief.store import Store, digest

# The bytes of a key, as `brief.inspection.visible_texts.digest_key` makes it.
_SIZE = 16
# If a greater share of the keys is new, everything is searched for.
_MAX_NEW_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class _Record:
    """What a verdict depends on.

    `searched` is the digest of the keys that were searched for; `excuses` has the keys of the texts that excused
    matches.
    """

    searched: str
    excuses: frozenset[bytes]


class KeptVerdicts:
    """The verdicts in a store; they apply only to the same `program`, which is a digest."""

    def __init__(self, store: Store, program: str) -> None:
        self._store = store
        self._program = program
        self._searched: dict[str, frozenset[bytes]] = {}

    def keep_parts(self, artifact: Artifact, parts: Iterable[Part]) -> None:
        """Stores the parts of an artifact, so that it need not be extracted again."""
        rows = [(part.name, part.words, part.code, sorted(part.digests)) for part in parts]
        self._store.put(self._make_key("parts", artifact), json.dumps(rows).encode())

    def keep_clean(self, artifact: Artifact, search: AudienceSearch, used: Set[int]) -> None:
        """Records that an artifact has no withheld content; `used` has the indices of the visible texts that excused
        matches.
        """
        self._keep_record(artifact, search, frozenset(search.visible.keys[index] for index in used))

    def is_still_clean(self, artifact: Artifact, search: AudienceSearch) -> bool:
        """Returns whether a recorded artifact has no content that the audience may not see today.

        Returns False, which means "search it", if there is no record, a text that excused a match is no longer visible,
        or too much is new. If only a little is new, searches for that, and records the verdict again.
        """
        record = self._read_record(artifact, search)
        if record is None or not record.excuses <= search.visible.key_set:
            return False
        new = search.keys - self._read_searched(record.searched)
        if not new:
            return True
        if len(new) > len(search.keys) * _MAX_NEW_SHARE + 1:
            return False
        parts = self._read_parts(artifact)
        if parts is None:
            return False
        with search.visible.record() as used:
            if search.has_any(new, (make_name_part(artifact.name), *parts)):
                return False
        self._keep_record(artifact, search, record.excuses | {search.visible.keys[index] for index in used})
        return True

    def _make_key(self, what: str, artifact: Artifact, *more: str) -> str:
        return digest("inspection", what, self._program, artifact.name, artifact.sha256, *more)

    def _make_verdict_key(self, artifact: Artifact, search: AudienceSearch) -> str:
        # The visible texts, which also excuse matches, are recorded one by one.
        return self._make_key("verdict", artifact, artifact.audience, search.excuses)

    def _keep_record(self, artifact: Artifact, search: AudienceSearch, excuses: frozenset[bytes]) -> None:
        packed = search.packed_keys
        searched = digest("inspection", "searched", packed)
        if searched not in self._searched:
            self._store.put(searched, packed)
            self._searched[searched] = search.keys
        record = {"searched": searched, "excuses": [key.hex() for key in sorted(excuses)]}
        self._store.put(self._make_verdict_key(artifact, search), json.dumps(record).encode())

    def _read_record(self, artifact: Artifact, search: AudienceSearch) -> _Record | None:
        entry = self._store.get(self._make_verdict_key(artifact, search))
        if entry is None:
            return None
        record = json.loads(entry)
        return _Record(record["searched"], frozenset(map(bytes.fromhex, record["excuses"])))

    def _read_searched(self, searched: str) -> frozenset[bytes]:
        """Returns the keys that were searched for; empty if they are no longer in the store."""
        if searched not in self._searched:
            packed = self._store.get(searched) or b""
            keys = (packed[at : at + _SIZE] for at in range(0, len(packed), _SIZE))
            self._searched[searched] = frozenset(keys)
        return self._searched[searched]

    def _read_parts(self, artifact: Artifact) -> list[Part] | None:
        entry = self._store.get(self._make_key("parts", artifact))
        if entry is None:
            return None
        return [Part(name, words, code, frozenset(digests)) for name, words, code, digests in json.loads(entry)]
