"""The plugin that keeps a template set on Dask workers during a build. Only Dask workers and `cluster` import it."""

from distributed import Worker, WorkerPlugin

from brief.build.remote import RECEIVED_SETS


class TemplateSetOnWorkers(WorkerPlugin):
    """Gives every worker a template set, including workers that join or restart later.

    `digest` and `data` are those that `PackedSet.serialise` returns.
    """

    def __init__(self, digest: str, data: bytes) -> None:
        self.digest = digest
        self.data = data

    def setup(self, worker: Worker) -> None:
        RECEIVED_SETS.keep(self.digest, self.data, worker.local_directory)

    def teardown(self, worker: Worker) -> None:
        RECEIVED_SETS.forget(self.digest)
