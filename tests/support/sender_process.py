"""A program that forks senders of small messages, to be killed: one for each line `PORT LEDGER COUNT CRASH_POINT`.

Loading the program takes longer than what a sender lives in these tests, so it is loaded once. A sender is a process of
its own, which opens its ledger and its connection itself. Says "pid N", "sending" when the first message is settled, and
"ended STATUS", which is negative if a signal ended it.
"""

import os
import sys
from pathlib import Path

from outgoing_samples import people

from brief.mail.compose.outgoing import Key
from brief.mail.send.delivery_status import Outcome
from brief.mail.send.ledger import open_ledger
from brief.mail.send.rate_limit import Pacing
from brief.mail.send.sender import Sender, SilentWatcher
from brief.mail.send.server import Security, Server
from brief.publish import failpoints


class Talkative(SilentWatcher):
    said = False

    def on_attempt_ended(self, key: Key, outcome: Outcome) -> None:
        if not self.said:
            self.said = True
            say("sending")


def say(words: str) -> None:
    os.write(1, f"{words}\n".encode())


def send(port: str, ledger: str, count: str, crash_point: str) -> None:
    failpoints.set_failpoint("" if crash_point == "-" else crash_point)
    with open_ledger(Path(ledger)) as opened:
        server = Server(Security.NONE, "127.0.0.1", int(port))
        Sender(opened, server, Pacing(delays=()), watcher=Talkative()).send(people(int(count)))


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                send(*line.split())
                status = 0
            finally:
                os._exit(status)
        say(f"pid {child}")
        say(f"ended {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}")


if __name__ == "__main__":
    main()
