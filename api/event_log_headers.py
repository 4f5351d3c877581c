"""What the answer with an event log says of it besides; read by clients as well."""

from typing import Final

RUNS: Final = "Countersign-Runs"
LEFT_OUT: Final = "Countersign-Runs-Left-Out"
