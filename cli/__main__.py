"""`python -m cli` is `countersign`."""

from cli.app import main

main()
