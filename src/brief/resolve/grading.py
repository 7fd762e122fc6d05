"""Grades how well each claim is supported."""

from collections.abc import Mapping

from brief.model.brief import Brief
from brief.model.evidence import Grade, Standing


def grade_claims(brief: Brief) -> Mapping[str, Grade]:
    """Maps the name of each claim to its grade.

    A claim is disputed if its standing is not `used`, or if it contradicts another claim or is contradicted by one.
    Otherwise, a computed claim is graded as our own arithmetic. Two claims of different sources are both corroborated if
    one of them corroborates the other.
    """
    disputed = set()
    agreeing = find_agreeing_claims(brief)
    for name, (_, claim) in brief.claims.items():
        if claim.standing is not Standing.USED:
            disputed.add(name)
        for ref in claim.contradicts:
            disputed |= {name, ref.name}
    grades = {}
    for name, (_, claim) in brief.claims.items():
        if name in disputed:
            grades[name] = Grade.DISPUTED
        elif claim.quantity is not None and claim.quantity.derived is not None:
            grades[name] = Grade.OWN
        else:
            grades[name] = Grade.CORROBORATED if name in agreeing else Grade.SINGLE
    return grades


def find_agreeing_claims(brief: Brief) -> Mapping[str, tuple[str, ...]]:
    """Maps each corroborated claim to the claims of other sources that agree with it.

    In a brief that was reduced to one audience, a claim that is withheld corroborates nothing.
    """
    agreeing: dict[str, dict[str, None]] = {}
    for name, (source, claim) in brief.claims.items():
        for ref in claim.corroborates:
            if ref.name in brief.claims and ref.name.partition("/")[0] != str(source.id):
                agreeing.setdefault(name, {})[ref.name] = None
                agreeing.setdefault(ref.name, {})[name] = None
    return {name: tuple(others) for name, others in agreeing.items()}
