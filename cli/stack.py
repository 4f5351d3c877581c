"""What an embedded installation consists of, as data for the supervisor."""

import os
import sys
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from cli.failure import Failed
from runtime import keys
from runtime.devserver import dev_server_command
from runtime.embedded import LOOPBACK, Port, Stack, Step
from runtime.lifetime import CannotStart
from runtime.ports import free_port
from runtime.service import Service
from runtime.settings import DATABASE_URL, PREFIX, Settings
from runtime.temporal import connect, prepare_namespace

# Together below the ten seconds in which `up` has to be gone.
API_PATIENCE: Final = 4.5
WORKER_PATIENCE: Final = 3.0
TEMPORAL_PATIENCE: Final = 2.0
TEMPORAL_START: Final = timedelta(seconds=30)

SOURCES: Final = Path(__file__).parents[1]


def with_ports(settings: Settings) -> Settings:
    """A port of 0 becomes one that is free now."""
    asked = {"port": settings.port, "temporal_port": settings.temporal_port}
    return settings.model_copy(
        update={name: number or free_port() for name, number in asked.items()}
    )


def stack_of(settings: Settings, seed: Step | None = None) -> Stack:
    """The processes of an embedded installation, as data. `seed` runs once the API is ready."""
    return Stack(
        installation=settings.installation,
        host=settings.host,
        port=settings.port,
        temporal_address=temporal_address(settings),
        ports=ports_of(settings),
        temporal=temporal_server(settings),
        worker=command_of("worker", settings, name="worker", patience=WORKER_PATIENCE),
        api=command_of("serve", settings, name="api", patience=API_PATIENCE),
        migrate=partial(ready_database, settings),
        prepare=partial(ready_temporal, temporal_address(settings)),
        seed=seed,
    )


def temporal_server(settings: Settings) -> Service:
    return Service(
        name="temporal",
        command=dev_server_command(
            settings.installation.temporal_database,
            settings.temporal_port,
            ui_port=settings.temporal_ui_port,
            metrics_port=settings.temporal_metrics_port,
        ),
        environment=child_environment(settings),
        patience=TEMPORAL_PATIENCE,
    )


def command_of(command: str, settings: Settings, *, name: str, patience: float) -> Service:
    return Service(
        name=name,
        command=(sys.executable, "-m", "cli", command),
        environment=child_environment(settings),
        patience=patience,
    )


async def ready_database(settings: Settings) -> None:
    """The signing key and the database at head. Raises `Failed`."""
    from cli.migration import migrate_database  # noqa: PLC0415 - loads while Temporal starts

    try:
        keys.load_or_create(settings.signing_key)
    except keys.KeyFileInvalid as error:
        raise Failed(str(error)) from error
    await migrate_database(settings)


async def ready_temporal(address: str) -> None:
    """Waits for the server and prepares its namespace. Raises `Failed`."""
    try:
        client = await connect(temporal_environment(address), patience=TEMPORAL_START)
    except CannotStart as error:
        raise Failed(str(error)) from error
    await prepare_namespace(client)


def ports_of(settings: Settings) -> tuple[Port, ...]:
    """Every port this installation will listen on, with what chooses another."""
    wanted = (
        ("--port", settings.host, settings.port),
        ("--temporal-port", LOOPBACK, settings.temporal_port),
        ("--temporal-ui-port", LOOPBACK, settings.temporal_ui_port),
        (f"{PREFIX}METRICS_PORT", LOOPBACK, settings.metrics_port),
        (f"{PREFIX}WORKER_METRICS_PORT", LOOPBACK, settings.worker_metrics_port),
        (f"{PREFIX}TEMPORAL_METRICS_PORT", LOOPBACK, settings.temporal_metrics_port),
    )
    return tuple(Port(option, host, number) for option, host, number in wanted if number)


def temporal_address(settings: Settings) -> str:
    return f"{LOOPBACK}:{settings.temporal_port}"


def temporal_environment(address: str) -> dict[str, str]:
    """The embedded server, whatever `TEMPORAL_*` and Temporal's configuration file say."""
    return {
        "TEMPORAL_ADDRESS": address,
        "TEMPORAL_NAMESPACE": "default",
        "TEMPORAL_CONFIG_FILE": os.devnull,
    }


def child_environment(
    settings: Settings, environment: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """What the children see: this environment, with the options of `up` written over it."""
    inherited = {
        name: value for name, value in environment.items() if not name.startswith("TEMPORAL_")
    }
    path = inherited.get("PYTHONPATH")
    return {
        **inherited,
        **temporal_environment(temporal_address(settings)),
        DATABASE_URL: settings.database_url,
        f"{PREFIX}DATA_DIR": str(settings.data_dir),
        f"{PREFIX}HOST": settings.host,
        f"{PREFIX}PORT": str(settings.port),
        f"{PREFIX}DEMO": str(settings.demo).lower(),
        "PYTHONPATH": f"{SOURCES}{os.pathsep}{path}" if path else str(SOURCES),
        "PYTHONUNBUFFERED": "1",
    }
