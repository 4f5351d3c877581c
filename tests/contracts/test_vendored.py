"""What comes from elsewhere is what the lock names, unchanged, with its licence beside it."""

import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
VENDORED = ("web/static/vendor", "tests/browser/vendor")


def test_every_vendored_file_is_the_one_that_was_taken() -> None:
    lines = (ROOT / "web/vendor/SHA256SUMS").read_text().splitlines()
    noted = {name: digest for digest, name in (line.split("  ") for line in lines)}
    found = {
        path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in VENDORED
        for path in (ROOT / folder).iterdir()
    }
    assert found == noted


def test_the_lock_pins_and_names_no_place() -> None:
    text = (ROOT / "web/vendor/package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    assert "resolved" not in text
    assert "://" not in text.replace("https://opencollective", "").replace("https://github", "")
    wanted = json.loads((ROOT / "web/vendor/package.json").read_text())["dependencies"]
    for name, version in wanted.items():
        locked = packages[f"node_modules/{name}"]
        assert locked["version"] == version
        assert locked["integrity"].startswith("sha512-")
