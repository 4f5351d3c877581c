"""How processes meet Temporal: client, converter, sandbox, worker tuning, namespace.

The pass-through list of the workflow sandbox is here and nowhere else. What runs inside a workflow
must not import this module.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, TypedDict

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.api.workflowservice.v1 import UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.envconfig import ClientConfig
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import PollerBehaviorAutoscaling
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from runtime.build import build_id
from runtime.converter import DATA_CONVERTER
from runtime.lifetime import CannotStart
from runtime.sandbox import ContextFreeRunner
from runtime.settings import Settings

DEFAULT_ADDRESS: Final = "127.0.0.1:7233"
RETENTION: Final = timedelta(days=365)
PATIENCE: Final = timedelta(seconds=30)
"""How long a process that cannot work without the server waits for it."""

SEARCH_ATTRIBUTES: Final = tuple(
    SearchAttributeKey.for_keyword(name)
    for name in (
        "CountersignPhase",
        "CountersignDepartment",
        "CountersignCode",
        "CountersignStopped",
    )
)

# Loaded once per process instead of once per launch. `domain` and `runtime.signing` are pure;
# joserfc and cryptography are deterministic where `verify` uses them. pydantic, the standard
# library and temporalio pass through by the SDK's own default.
NATIVE_CRYPTO: Final = ("cryptography", "_cffi_backend")
PASS_THROUGH: Final = (
    "domain",
    "workflows",
    "runtime.signing",
    "joserfc",
    *NATIVE_CRYPTO,
)


class WorkerOptions(TypedDict):
    """The tuning arguments of `temporalio.worker.Worker`."""

    build_id: str
    max_cached_workflows: int
    sticky_queue_schedule_to_start_timeout: timedelta
    graceful_shutdown_timeout: timedelta
    workflow_task_poller_behavior: PollerBehaviorAutoscaling
    activity_task_poller_behavior: PollerBehaviorAutoscaling


def deployed_runner() -> SandboxedWorkflowRunner:
    """The sandbox as deployed."""
    return _runner(PASS_THROUGH)


def strict_runner() -> SandboxedWorkflowRunner:
    """The sandbox that also guards our own modules, for replaying histories in tests: nothing is
    passed through but the native crypto, which cannot be loaded a second time.
    """
    return _runner(NATIVE_CRYPTO)


def _runner(modules: tuple[str, ...]) -> SandboxedWorkflowRunner:
    return ContextFreeRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(*modules)
    )


def worker_options(settings: Settings) -> WorkerOptions:
    """Tuning measured under signing load. The sticky timeout is how long the first act of a cached
    launch waits after its worker has died; pollers that scale keep the tail short at many clients.
    """
    return WorkerOptions(
        build_id=build_id(),
        max_cached_workflows=settings.workflow_cache,
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
        graceful_shutdown_timeout=timedelta(seconds=2),
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(minimum=2, maximum=32, initial=8),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(minimum=1, maximum=16, initial=4),
    )


async def connect(
    environment: Mapping[str, str] | None = None,
    *,
    patience: timedelta = timedelta(0),
    lazy: bool = False,
    metrics_port: int | None = None,
) -> Client:
    """A client as Temporal's own variables and configuration file say, by default on loopback.

    `patience` is how long a server that does not answer yet is waited for; then `CannotStart`.
    A `lazy` client connects at its first call (not for workers). `environment` replaces
    `os.environ`.
    """
    config = ClientConfig.load_client_connect_config(override_env_vars=environment)
    config.setdefault("target_host", DEFAULT_ADDRESS)
    runtime = None if metrics_port is None else _runtime(metrics_port)
    give_up = asyncio.get_running_loop().time() + patience.total_seconds()
    while True:
        try:
            return await Client.connect(
                **config, data_converter=DATA_CONVERTER, lazy=lazy, runtime=runtime
            )
        except RuntimeError as error:
            if asyncio.get_running_loop().time() >= give_up:
                raise CannotStart(
                    f"Temporal does not answer at {config['target_host']}: {error}",
                    "Start it, or correct TEMPORAL_ADDRESS.",
                ) from error
            await asyncio.sleep(0.05)


def _runtime(metrics_port: int) -> Runtime:
    metrics = PrometheusConfig(bind_address=f"127.0.0.1:{metrics_port}")
    return Runtime(telemetry=TelemetryConfig(metrics=metrics))


async def prepare_namespace(client: Client, *, retention: timedelta = RETENTION) -> None:
    """Sets retention and adds the search attributes that are missing; a repeat changes nothing.
    Run at every start, because the dev server ignores its own flags on a file it has seen before.
    """
    config = NamespaceConfig()
    config.workflow_execution_retention_ttl.FromTimedelta(retention)
    await client.workflow_service.update_namespace(
        UpdateNamespaceRequest(namespace=client.namespace, config=config)
    )
    missing = await missing_search_attributes(client)
    if missing:
        await _add_search_attributes(client, missing)


async def missing_search_attributes(client: Client) -> tuple[str, ...]:
    known = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    return tuple(key.name for key in SEARCH_ATTRIBUTES if key.name not in known.custom_attributes)


async def _add_search_attributes(client: Client, names: tuple[str, ...]) -> None:
    keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
    request = AddSearchAttributesRequest(
        namespace=client.namespace, search_attributes=dict.fromkeys(names, keyword)
    )
    try:
        await client.operator_service.add_search_attributes(request)
    except RPCError as error:
        # Two starts at once: the other one was first.
        if error.status is not RPCStatusCode.ALREADY_EXISTS:
            raise
