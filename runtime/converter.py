"""Payloads as JSON by pydantic, with one set of type adapters for the whole process.

The SDK keeps adapters per converter and makes a converter per workflow, so that each launch would
build the schema of every act and event again: 40 % of a worker's time under signing load.
"""

from functools import lru_cache
from typing import Final

from pydantic import TypeAdapter
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
)

_ADAPTERS: Final = lru_cache(maxsize=256)(TypeAdapter)


class SharedAdapters(PydanticJSONPlainPayloadConverter):
    """The SDK's converter with the process's adapters."""

    def __init__(self) -> None:
        super().__init__()
        self._type_adapter = _ADAPTERS


_JSON: Final = SharedAdapters()
_CONVERTERS: Final = tuple(
    _JSON if isinstance(converter, JSONPlainPayloadConverter) else converter
    for converter in DefaultPayloadConverter.default_encoding_payload_converters
)


class PayloadConverter(CompositePayloadConverter):
    """The SDK's own converters, JSON by pydantic. One is made several times per act."""

    def __init__(self) -> None:
        super().__init__(*_CONVERTERS)


DATA_CONVERTER: Final = DataConverter(payload_converter_class=PayloadConverter)
"""For every client and replayer of ours."""
