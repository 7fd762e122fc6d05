"""Words of the tables are in `brief.pot`: what it lacks prints in English in every language, without a message."""

from brief.model.chart_kinds import CHART_KINDS
from brief.model.figures.units import OWN_UNITS
from brief.reading.catalogue import list_required_messages
from brief.writers.formats import FORMATS


def test_every_unit_kind_of_chart_and_format_has_a_message() -> None:
    wanted = {
        *(f"unit\x04{unit.one}" for name, unit in OWN_UNITS.items() if name != "count"),
        *(f"chart\x04{kind.name}" for kind in CHART_KINDS.values()),
        *(f"mail\x04{form.file_label}" for form in FORMATS.values()),
    }
    assert wanted - list_required_messages() == set(), (
        "add them to catalogues/brief.pot and translate them in every catalogue"
    )
