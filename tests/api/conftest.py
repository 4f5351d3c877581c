"""One installation for all API tests of a process."""

from collections.abc import AsyncIterator

import pytest

from tests.stack import Stack, running_stack


@pytest.fixture(scope="session")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    async with running_stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack
