"""Runs Postfix, a widely used mail transfer agent, in a separate instance that root starts on loopback."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

import trustme

COMMAND = shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
DAEMONS = "/usr/lib/postfix/sbin"

SETTINGS = """\
compatibility_level = 3.6
command_directory = {commands}
daemon_directory = {daemons}
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
mail_owner = postfix
setgid_group = postdrop
myhostname = postfix.example.net
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.1/32
mydestination =
alias_maps =
local_recipient_maps =
smtpd_relay_restrictions = reject_unauth_destination
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = {folder}/server.pem
smtpd_peername_lookup = no
virtual_mailbox_domains = example.net
virtual_mailbox_base = {folder}
virtual_mailbox_maps = static:box/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
"""
SERVICES = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """Accepts mail for example.net by STARTTLS and delivers it to one mailbox in Maildir form."""

    def __init__(self, authority: trustme.CA) -> None:
        # Postfix's user needs access, which it does not have in the tests' folders.
        self.folder = Path(tempfile.mkdtemp(prefix="brief-postfix-"))
        self.folder.chmod(0o755)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        owner = pwd.getpwnam("postfix")
        words = {
            "folder": self.folder,
            "commands": Path(str(COMMAND)).parent,
            "daemons": DAEMONS,
            "port": self.port,
            "uid": owner.pw_uid,
            "gid": owner.pw_gid,
        }
        authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(self.folder / "server.pem")
        for name, text in {"main.cf": SETTINGS, "master.cf": SERVICES}.items():
            path = self.folder / "config" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text.format(**words))
        for name in ("data", "box"):
            (self.folder / name).mkdir()
            os.chown(self.folder / name, owner.pw_uid, owner.pw_gid)
        (self.folder / "queue").mkdir()

    def delivered(self, count: int, seconds: float = 60) -> list[bytes]:
        """Waits for `count` messages in the mailbox and returns them."""
        until = time.monotonic() + seconds
        box = self.folder / "box" / "new"
        while (there := len(list(box.glob("*")))) < count:
            assert time.monotonic() < until, f"{there} of {count} were delivered\n{self._log()}"
            time.sleep(0.05)
        return [path.read_bytes() for path in sorted(box.iterdir())]

    def __enter__(self) -> "Postfix":
        self._run("start")
        until = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 5).close()
            except OSError:
                assert time.monotonic() < until, self._log()
                time.sleep(0.05)
            else:
                return self

    def __exit__(self, kind: type[BaseException] | None, problem: object, trace: TracebackType | None) -> None:
        self._run("stop")
        shutil.rmtree(self.folder)

    def _run(self, what: str) -> None:
        done = subprocess.run(
            [str(COMMAND), "-c", self.folder / "config", what], stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr + self._log()

    def _log(self) -> str:
        log = self.folder / "log"
        return log.read_text()[-3000:] if log.exists() else ""
