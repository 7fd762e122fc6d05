"""A program that sends small messages, to be killed: `sender.py PORT LEDGER COUNT`. Says "sending" when it begins."""

import sys
from pathlib import Path

from outgoing_samples import people

from brief.mail.compose.outgoing import Key
from brief.mail.send.delivery_status import Outcome
from brief.mail.send.ledger import open_ledger
from brief.mail.send.rate_limit import Pacing
from brief.mail.send.sender import Sender, SilentWatcher
from brief.mail.send.server import Security, Server


class Talkative(SilentWatcher):
    said = False

    def settled(self, key: Key, outcome: Outcome) -> None:
        if not self.said:
            self.said = True
            print("sending", flush=True)


def main() -> None:
    port, ledger, count = sys.argv[1:]
    with open_ledger(Path(ledger)) as opened:
        server = Server(Security.NONE, "127.0.0.1", int(port))
        Sender(opened, server, Pacing(delays=()), watcher=Talkative()).send(people(int(count)))


if __name__ == "__main__":
    main()
