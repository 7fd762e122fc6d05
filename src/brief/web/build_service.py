"""Editions of a project as it stands on disk, made when they are asked for, each one once, and proved before they go out."""

import asyncio
from collections import OrderedDict
from pathlib import Path

from brief.model.artifact import Order
from brief.model.diagnostics import OrderError
from brief.publish.pack import Pack
from brief.web.live_project import LiveProject, Revision
from brief.web.single_flight import SingleFlight
from brief.workers.pool import WorkerPool

_MOST_BYTES = 200_000_000  # of the packs kept in memory
_WAITING = 4  # orders in the queue for each that is worked on


class BuildService:
    """The editions of the project at `root` that this page may give away: those of the audiences in `granted`, or all.

    `workers` make them, for `slots` orders at once, and `waiting` more in the queue. `close` ends them.
    """

    def __init__(
        self, root: Path, workers: WorkerPool, slots: int, *, waiting: int | None = None, granted: tuple[str, ...] = ()
    ) -> None:
        self.granted = granted
        self._project = LiveProject(root)
        self._workers = workers
        self._slots = slots
        self._flights = SingleFlight[Pack](slots, _WAITING * slots if waiting is None else waiting)
        self._revision: Revision | None = None
        self._kept: OrderedDict[Order, Pack] = OrderedDict()

    async def current(self) -> Revision:
        """The project as it stands on disk now.

        Raises:
            ContentError: it has faults.
        """
        return await asyncio.to_thread(self._project.current)

    def audiences(self, revision: Revision) -> tuple[str, ...]:
        """Those whose editions may be given away, in the brief's order."""
        return tuple(name for name in revision.project.brief.audiences if not self.granted or name in self.granted)

    async def pack(self, revision: Revision, order: Order) -> Pack:
        """The pack of an order that names the audiences it wants.

        Raises:
            OrderError: one of them may not be given away, or none is named.
            BusyError: too much is being made.
            ContentError: an edition cannot be made, or holds what its audience may not see.
            WorkerError: a worker died over it.
        """
        if not order.audiences or not set(order.audiences) <= set(self.audiences(revision)):
            raise OrderError("an audience was ordered that this page does not offer")
        if revision is not self._revision:
            self._revision = revision
            self._kept.clear()
        if order in self._kept:
            self._kept.move_to_end(order)
            return self._kept[order]
        pack = await self._flights.result((revision, order), lambda: self._made(revision, order))
        if revision is self._revision:
            self._keep(order, pack)
        return pack

    def start(self) -> None:
        """Has the workers import what they need before anybody asks for anything."""
        self._workers.start(self._slots)

    def close(self) -> None:
        self._flights.close()
        self._workers.abort()

    def _made(self, revision: Revision, order: Order) -> Pack:
        return revision.project.build(
            order.audiences, order.locales, order.formats, executor=self._workers, inspector=revision.inspector
        )

    def _keep(self, order: Order, pack: Pack) -> None:
        self._kept[order] = pack
        total = sum(len(artifact.data) for kept in self._kept.values() for artifact in kept)
        while total > _MOST_BYTES and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            total -= sum(len(artifact.data) for artifact in dropped)
