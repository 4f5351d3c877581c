"""How a command says that it could not do what was asked."""


class Failed(Exception):
    """Ends a command with exit code 1 and its text on stderr, without a traceback."""
