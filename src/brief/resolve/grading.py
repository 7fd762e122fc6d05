"""Grades how well each claim is supported."""

from collections.abc import Mapping

from brief.model.brief import Brief
from brief.model.evidence import Grade, Standing


def grade_claims(brief: Brief) -> Mapping[str, Grade]:
    """Maps the name of each claim to its grade.

    A claim is disputed if its author says so, or if it contradicts another claim or is contradicted by one. Two claims
    of different sources are both corroborated if one of them corroborates the other. A computed claim is graded as our
    own arithmetic.
    """
    disputed, corroborated = set(), set()
    for name, (source, claim) in brief.claims.items():
        if claim.standing is not Standing.USED:
            disputed.add(name)
        for ref in claim.contradicts:
            disputed |= {name, ref.name}
        for ref in claim.corroborates:
            if ref.name.partition("/")[0] != str(source.id):
                corroborated |= {name, ref.name}
    grades = {}
    for name, (_, claim) in brief.claims.items():
        if name in disputed:
            grades[name] = Grade.DISPUTED
        elif claim.quantity is not None and claim.quantity.derived is not None:
            grades[name] = Grade.OWN
        else:
            grades[name] = Grade.CORROBORATED if name in corroborated else Grade.SINGLE
    return grades
