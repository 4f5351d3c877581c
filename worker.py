"""The Temporal worker: which workflows and activities there are, and the process that runs them.

Configured by environment (`countersign worker` is the same). SIGTERM lets running tasks finish.
"""

from collections.abc import Callable

import structlog
from temporalio.worker import Worker

from activities.archive import Archive
from activities.ledger import Ledger
from activities.notices import Notices
from db.schema import awaited_head
from db.session import Database
from runtime import temporal
from runtime.lifetime import stop_requested
from runtime.logs import configure_logs
from runtime.loop import finish
from runtime.settings import Settings
from workflows.launch import LaunchWorkflow

WORKFLOWS = (LaunchWorkflow,)
LEAVE_AFTER = 8.0  # a record that hangs is adopted from the ledger by the next worker
log = structlog.get_logger(__name__)


def activities(database: Database) -> tuple[Callable[..., object], ...]:
    """Every activity of every outside system, bound to its resources."""
    ledger, notices = Ledger(database), Notices(database)
    return (ledger.record, notices.stand_down)


async def main() -> None:
    """Work until SIGINT or SIGTERM."""
    settings = Settings()
    configure_logs(settings)
    stop = stop_requested(leave_after=LEAVE_AFTER)
    await awaited_head(settings.database_url)
    client = await temporal.connect(
        patience=temporal.PATIENCE, metrics_port=settings.worker_metrics_port
    )
    await temporal.prepare_namespace(client)
    async with Database(settings.database_url) as database:
        worker = Worker(
            client,
            task_queue=settings.task_queue,
            workflows=WORKFLOWS,
            activities=activities(database),
            workflow_runner=temporal.deployed_runner(),
            **temporal.worker_options(settings),
        )
        archive = Archive(database, client)
        async with worker, archive.swept(settings.archive_interval):
            log.info("worker.started", task_queue=settings.task_queue)
            await stop.wait()


if __name__ == "__main__":
    finish(main())
