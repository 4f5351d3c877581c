"""What the pure packages may name, read from the source: imports and calls that import-linter
cannot see. Run as a module it prints every violation and exits 1 if there is one.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# The whole of the standard library that the domain may use: values and computation. Everything
# else waits for something, asks the machine or draws lots.
DOMAIN_STDLIB = frozenset(
    {
        "abc", "base64", "bisect", "collections", "contextlib", "copy", "dataclasses", "datetime",
        "decimal", "difflib", "enum", "fractions", "functools", "graphlib", "hashlib", "heapq",
        "itertools", "json", "math", "operator", "re", "statistics", "string", "textwrap", "types",
        "typing", "unicodedata",
    }
)  # fmt: skip

# Nothing of these in workflow code either: the workflow has its own clock, identities and lots.
WORKFLOW_STDLIB_BANNED = frozenset(
    {
        "concurrent", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets",
        "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "time", "urllib",
        "uuid", "zoneinfo",
    }
)  # fmt: skip

# Pure computation on signatures; the one part of the runtime that runs inside the sandbox.
WORKFLOW_RUNTIME = frozenset({"runtime.signing"})

CLOCK_CALLS = frozenset({"now", "utcnow", "today"})
BANNED_BUILTINS = frozenset(
    {"__import__", "breakpoint", "eval", "exec", "hash", "id", "input", "open", "print"}
)


@dataclass(frozen=True, slots=True)
class Violation:
    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def violations(root: Path) -> list[Violation]:
    """All violations in the packages `domain` and `workflows` under `root`."""
    return [
        violation
        for package in ("domain", "workflows")
        for path in sorted((root / package).rglob("*.py"))
        for violation in _in_file(package, path, path.relative_to(root))
    ]


def _in_file(package: str, path: Path, shown: Path) -> Iterator[Violation]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for line, what in _in_node(package, node):
            yield Violation(shown, line, what)


def _in_node(package: str, node: ast.AST) -> Iterator[tuple[int, str]]:
    match node:
        case ast.Import(names=names):
            modules = [alias.name for alias in names]
        case ast.ImportFrom(module=module, level=0, names=names) if module == "runtime":
            modules = [f"runtime.{alias.name}" for alias in names]
        case ast.ImportFrom(module=str(module), level=0):
            modules = [module]
        case ast.Call(func=function):
            if reason := _banned_call(function):
                yield node.lineno, reason
            return
        case ast.For(iter=iterated) | ast.comprehension(iter=iterated):
            if package == "workflows" and _is_set(iterated):
                yield iterated.lineno, "iterates over a set, whose order is not the same twice"
            return
        case _:
            return
    for module in modules:
        if not _may_import(package, module):
            yield node.lineno, f"imports {module}, which {package} must not know"


def _may_import(package: str, module: str) -> bool:
    top = module.partition(".")[0]
    if package == "domain":
        return top == "domain" or top in DOMAIN_STDLIB
    if top == "runtime":
        return module in WORKFLOW_RUNTIME
    return top not in WORKFLOW_STDLIB_BANNED


def _banned_call(function: ast.expr) -> str | None:
    match function:
        case ast.Name(id=name) if name in BANNED_BUILTINS:
            return f"calls {name}(), which is no pure computation"
        case ast.Attribute(value=ast.Name(id="workflow")):
            return None  # Temporal's own clock, the same in every replay
        case ast.Attribute(value=owner, attr=name) if name in CLOCK_CALLS:
            if ast.unparse(owner).rpartition(".")[2] in {"datetime", "date", "dt"}:
                return f"calls {ast.unparse(function)}(): the moment is always an argument"
        case _:
            pass
    return None


def _is_set(node: ast.expr) -> bool:
    match node:
        case ast.Set() | ast.SetComp():
            return True
        case ast.Call(func=ast.Name(id="set" | "frozenset")):
            return True
        case _:
            return False


def main() -> int:
    """Checks the tree of the working directory."""
    found = violations(Path.cwd())
    for violation in found:
        sys.stdout.write(f"{violation}\n")
    if not found:
        sys.stdout.write("The pure packages name nothing impure.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
