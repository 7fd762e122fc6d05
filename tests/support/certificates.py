"""Makes certificates."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Authority:
    """A certificate authority. `file` is its certificate, for clients to trust."""

    authority: trustme.CA
    file: str

    def context(self, *names: str, until: datetime | None = None) -> ssl.SSLContext:
        """Makes the TLS context of a server with these names."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate = self.authority.issue_cert(*(names or ("localhost", "127.0.0.1")), not_after=until)
        certificate.configure_cert(context)
        return context


EXPIRED = datetime(2020, 1, 1, tzinfo=UTC)


def authority(folder: Path) -> Authority:
    made = trustme.CA()
    file = folder / "authority.pem"
    made.cert_pem.write_to_path(file)
    return Authority(made, str(file))
