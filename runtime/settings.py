"""Every `COUNTERSIGN_*` variable, in one place, and the layout of a data directory.

Temporal's own `TEMPORAL_*` names are read by `temporalio.envconfig` and stay out of here.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal, TypeAlias

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX: Final = "COUNTERSIGN_"
DATABASE_URL: Final = "DATABASE_URL"

LogLevel: TypeAlias = Literal["debug", "info", "warning", "error"]
LogFormat: TypeAlias = Literal["auto", "console", "json"]


@dataclass(frozen=True, slots=True)
class Installation:
    """Where a data directory keeps what."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "countersign.db"

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.database}"

    @property
    def temporal_database(self) -> Path:
        return self.root / "temporal.db"

    @property
    def signing_key(self) -> Path:
        return self.root / "keys" / "signing.jwk"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    def create(self) -> None:
        """The directories, for their owner only; a repeat changes nothing."""
        for directory in (self.root, self.logs, self.signing_key.parent):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)


@dataclass(frozen=True, slots=True)
class Variable:
    """One line of the table of settings."""

    name: str
    default: str
    meaning: str


class Settings(BaseSettings):
    """Read once at the edge of a process; keyword arguments win over the environment."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        validate_default=True,
    )

    data_dir: Path = Field(
        default=Path(".countersign"),
        description="Directory of this installation: databases, signing key, logs.",
    )
    database_url: str = Field(
        default="",
        validation_alias=DATABASE_URL,
        description="Database, `sqlite:///FILE` or `postgresql://USER@HOST/NAME`; "
        "empty means a SQLite file in the data directory.",
    )
    host: str = Field(default="127.0.0.1", description="Address the API listens on.")
    port: int = Field(
        default=8000,
        ge=0,
        le=65535,
        description="Port of the API and the pages; `up` takes a free one for 0.",
    )
    temporal_port: int = Field(
        default=7233,
        ge=0,
        le=65535,
        description="Port of the embedded Temporal server; `up` takes a free one for 0.",
    )
    temporal_ui_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Port of the embedded Temporal server's own web UI; empty means no UI.",
    )
    task_queue: str = Field(
        default="countersign",
        min_length=1,
        description="Temporal task queue that API and worker meet on.",
    )
    demo: bool = Field(
        default=False,
        description="Demo mode: sign-in by one click, on loopback only. Set by `up`.",
    )
    signing_key_file: Path | None = Field(
        default=None,
        description="File of the private signing key (a JWK); "
        "empty means one in the data directory, made at first start.",
    )
    update_timeout: timedelta = Field(
        default=timedelta(seconds=5),
        gt=timedelta(0),
        description="Seconds the API waits for the outcome of an act before it answers 202.",
    )
    workflow_cache: int = Field(
        default=4000, ge=1, description="Launches a worker keeps in memory, about 180 KB each."
    )
    archive_interval: timedelta = Field(
        default=timedelta(seconds=5),
        gt=timedelta(0),
        description="Seconds between two looks of a worker for closed launches to archive.",
    )
    metrics_port: int | None = Field(
        default=None, ge=1, le=65535, description="Port of the API's `/metrics`; empty means none."
    )
    worker_metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Port of the worker's `/metrics`; empty means none.",
    )
    temporal_metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Port of the embedded Temporal server's `/metrics`; empty means a free one.",
    )
    log_level: LogLevel = Field(
        default="info", description="Least severe log line that is written."
    )
    log_format: LogFormat = Field(
        default="auto", description="`json`, `console`, or `auto`: console on a terminal."
    )
    url: str = Field(
        default="http://127.0.0.1:8000",
        description="The API that the commands for launches and acts talk to.",
    )
    token: SecretStr = Field(
        default=SecretStr(""), description="The API token those commands act with."
    )

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("update_timeout", "archive_interval", mode="before")
    @classmethod
    def _seconds(cls, value: object) -> object:
        return float(value) if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str, info: ValidationInfo) -> str:
        if not value and "data_dir" in info.data:
            return Installation(info.data["data_dir"]).database_url
        return value

    @property
    def installation(self) -> Installation:
        return Installation(self.data_dir)

    @property
    def has_own_database(self) -> bool:
        """A file in the data directory, which is made at the first start."""
        return self.database_url == self.installation.database_url

    @property
    def signing_key(self) -> Path:
        return self.signing_key_file or self.installation.signing_key


def variables() -> tuple[Variable, ...]:
    """The table of settings: every variable with its default and meaning, in order."""
    return tuple(
        Variable(
            name=variable_name(name),
            default="" if field.default is None else _text(field.default),
            meaning=field.description or "",
        )
        for name, field in Settings.model_fields.items()
    )


def unknown_variables(environment: Mapping[str, str]) -> dict[str, str | None]:
    """`COUNTERSIGN_*` names nobody reads, each with the known name it was probably meant to be."""
    known = {variable.name.removeprefix(PREFIX) for variable in variables()}
    unknown = (name for name in sorted(environment) if name.upper().startswith(PREFIX))
    return {
        name: _closest(rest, known)
        for name in unknown
        if (rest := name.upper().removeprefix(PREFIX)) not in known
    }


def _closest(name: str, known: set[str]) -> str | None:
    matches = difflib.get_close_matches(name, sorted(known), n=1)
    return f"{PREFIX}{matches[0]}" if matches else None


def variable_name(field: str) -> str:
    """The variable of a field of `Settings`, by the field's or already by the variable's name."""
    if field == DATABASE_URL:
        return field
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else f"{PREFIX}{field.upper()}"


def _text(default: object) -> str:
    match default:
        case SecretStr():
            return default.get_secret_value()
        case timedelta():
            return f"{default.total_seconds():g}"
        case bool():
            return str(default).lower()
        case _:
            return str(default)
