"""What the tests of sending share."""

from pathlib import Path

import pytest
from authorities import Authority, authority
from runs import Mailing


@pytest.fixture
def mailing(tmp_path: Path) -> Mailing:
    return Mailing(tmp_path)


@pytest.fixture(scope="session")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The authority that senders in the tests trust."""
    return authority(tmp_path_factory.mktemp("trusted"))
