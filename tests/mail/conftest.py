"""What the tests of sending share."""

from pathlib import Path

import pytest
from runs import Mailing


@pytest.fixture
def mailing(tmp_path: Path) -> Mailing:
    return Mailing(tmp_path)
