"""Starts PostgreSQL, which refuses to run as root, as a child that dies with this test process:
`python -m tests.faults.postmaster PARENT_PID COMMAND...`. The kernel forgets whose death a process
asked to share when its user changes, so it is asked again.
"""

import os
import pwd
import sys
from collections.abc import Sequence

from runtime.tether import ORPHANED, die_with_parent
from tests.postgres import UNPRIVILEGED


def main(arguments: Sequence[str]) -> int:
    parent, command = int(arguments[0]), list(arguments[1:])
    if os.geteuid() == 0:
        nobody = pwd.getpwnam(UNPRIVILEGED)
        os.setgroups(())
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)
    if sys.platform == "linux":
        die_with_parent()
    os.chdir("/")
    if os.getppid() == parent:
        os.execv(command[0], command)  # noqa: S606 - the command becomes this process
    return ORPHANED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
