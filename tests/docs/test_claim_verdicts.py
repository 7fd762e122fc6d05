"""The record of the checked claims: it lists every claim of the sample briefing, with the standing that the ledger has."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
_ROW = re.compile(r"^\| `([\w-]+)` \| ([a-z ]+) \|", re.M)
_VERDICTS = {"as stated", "narrower", "inferred", "calculated", "disputed", "rejected"}


def read_record() -> dict[str, str]:
    """Reads the verdict on each claim, by the claim's full name."""
    parts = re.split(r"^\| claim of `([\w-]+)`.*\n", (ROOT / "docs" / "evidence.md").read_text("utf-8"), flags=re.M)
    rows = [
        (f"{source}/{claim}", verdict)
        for source, table in zip(parts[1::2], parts[2::2], strict=True)
        for claim, verdict in _ROW.findall(table)
    ]
    assert len(rows) == len(dict(rows)), "a claim is listed twice"
    return dict(rows)


def test_every_claim_has_a_verdict() -> None:
    record = read_record()
    ledgers = [yaml.safe_load(path.read_text("utf-8")) for path in sorted((ROOT / "seeds").glob("*.yaml"))]
    claims = {f"{ledger['id']}/{claim['id']}": claim for ledger in ledgers for claim in ledger["claims"]}
    assert set(record) == set(claims)
    assert set(record.values()) <= _VERDICTS
    for name, claim in claims.items():
        if "standing" in claim:
            assert record[name] == claim["standing"], name
        else:
            assert record[name] not in {"disputed", "rejected"}, name
        assert (record[name] == "calculated") == ("derived" in claim.get("quantity", {})), name
