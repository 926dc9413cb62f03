#!/usr/bin/env python3
"""Checks the include graph between the folders of src/ against tools/layers.txt: allowed edges only, and no cycle."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)


def read_table():
    table = {}
    for line in (ROOT / "tools/layers.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            name, allowed = line.split(":")
            table[name] = set(allowed.split())
    return table


def has_cycle(table):
    done, active = set(), set()

    def visit(name):
        if name in active:
            return True
        if name in done:
            return False
        active.add(name)
        found = any(visit(other) for other in table[name])
        active.discard(name)
        done.add(name)
        return found

    return any(visit(name) for name in table)


def main():
    table = read_table()
    faults = []
    if has_cycle(table):
        faults.append("tools/layers.txt itself has a cycle")
    for path in sorted((ROOT / "src").rglob("*")):
        if path.suffix not in {".h", ".cc"}:
            continue
        folder = path.relative_to(ROOT / "src").parts[0]
        is_test = path.stem.endswith(("_test", "_bench")) or "taint" in path.parts
        if folder not in table and folder != "apps":
            faults.append(f"src/{folder} is not in tools/layers.txt")
            continue
        for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
            target = name.split("/")[0]
            if target == "apps" and folder != "apps":
                faults.append(f"{path.relative_to(ROOT)}: nothing includes apps/ ({name})")
            if is_test or folder == "apps" or target == folder or target not in table:
                continue
            if target not in table[folder]:
                faults.append(f"{path.relative_to(ROOT)}: {folder} may not include {target} ({name})")
    for fault in faults:
        print("layer check:", fault)
    print(f"layer check: {len(faults)} faults")
    return 1 if faults else 0


sys.exit(main())
