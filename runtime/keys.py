"""The file that holds the installation's private signing key.

Written once, readable by its owner only, never overwritten: every signature in the ledger refers
to it by `kid`.
"""

import json
import os
import tempfile
from pathlib import Path

from joserfc.jwk import OKPKey

from runtime import signing


class KeyFileInvalid(ValueError):
    """The key file cannot be read or holds something else."""


def load(path: Path) -> OKPKey:
    """Raises `FileNotFoundError` where there is no file, `KeyFileInvalid` where it is no key."""
    try:
        return signing.private_key(json.loads(path.read_bytes()))
    except (ValueError, TypeError) as error:
        raise KeyFileInvalid(f"{path} holds no signing key: {error}") from error


def load_or_create(path: Path) -> OKPKey:
    """The key of the file, made at the first call. Two first calls at once get the same key: the
    file appears whole and owner-only, by a link that fails where one already stands.
    """
    if not path.exists():
        _create(path)
    return load(path)


def is_private(path: Path) -> bool:
    """Whether nobody but the owner may read the file."""
    return path.stat().st_mode & 0o077 == 0


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    jwk = signing.generate_key().as_dict(private=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump(jwk, file)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)
