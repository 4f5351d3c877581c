"""The bare engine beside which Countersign is measured: five updates, nothing else.

`python -m bench.bare worker` and `python -m bench.bare serve` are its two processes, tuned with
the same worker options, converter and server as Countersign's own.
"""

import os
import sys
from typing import Annotated

import uvicorn
from fastapi import FastAPI, Path
from temporalio.client import Client
from temporalio.worker import Worker

from bench.bare_workflow import BareWorkflow
from runtime.lifetime import exit_on_signals, leave, stop_requested
from runtime.loop import run
from runtime.settings import Settings
from runtime.temporal import connect, worker_options

QUEUE = "bench-bare"


def create_app(client: Client) -> FastAPI:
    """Two routes: start a workflow, sign once."""
    app = FastAPI(openapi_url=None)

    @app.post("/runs/{run}")
    async def start(run: Annotated[str, Path()]) -> dict[str, str]:
        await client.start_workflow(BareWorkflow.run, id=f"bare-{run}", task_queue=QUEUE)
        return {"id": run}

    @app.post("/runs/{run}/sign")
    async def sign(run: Annotated[str, Path()]) -> dict[str, int]:
        handle = client.get_workflow_handle(f"bare-{run}")
        return {"signed": await handle.execute_update("sign", "bench", result_type=int)}

    return app


async def serve(port: int) -> None:
    """The HTTP process."""
    app = create_app(await connect())
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", access_log=False))
    await server.serve()


async def work() -> None:
    """The worker process, until SIGTERM."""
    stop = stop_requested()
    async with Worker(
        await connect(),
        task_queue=QUEUE,
        workflows=[BareWorkflow],
        **worker_options(Settings()),
    ):
        await stop.wait()


if __name__ == "__main__":
    if sys.argv[1] == "worker":
        run(work())
        leave()
    exit_on_signals()
    run(serve(int(os.environ["BENCH_PORT"])))
