"""The script that a replication folder carries; it needs Python and the package, nothing else."""

RUN = '''\
"""Run the study again and compare every figure with results/results.json."""

import hashlib
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHOWN = 40
NOT_FIGURES = ("version", "inputs")


def leaves(value, path=""):
    """Yield every figure and text of nested results with its path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path} > {key}" if path else str(key))
    elif isinstance(value, list):
        for place, inner in enumerate(value, start=1):
            yield from leaves(inner, f"{path} > {place}")
    else:
        yield path, value


def is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def differ(kept, found, tolerance):
    """Tell whether two figures differ, relative to their size and absolutely below one."""
    if is_number(kept) and is_number(found):
        if math.isnan(kept) or math.isnan(found):
            return not (math.isnan(kept) and math.isnan(found))
        return not abs(kept - found) <= tolerance * max(1.0, abs(kept), abs(found))
    return kept != found


def compared(kept, found, tolerance):
    """Return one line for each figure that differs or stands on one side only."""
    old = dict(leaves({k: v for k, v in kept.items() if k not in NOT_FIGURES}))
    new = dict(leaves({k: v for k, v in found.items() if k not in NOT_FIGURES}))
    lines = [f"{path}: only in results/results.json" for path in old if path not in new]
    lines += [f"{path}: only in the new run" for path in new if path not in old]
    lines += [
        f"{path}: {old[path]!r} in results/results.json, {new[path]!r} in the new run"
        for path in old
        if path in new and differ(old[path], new[path], tolerance)
    ]
    return lines, len(old)


def changed(files):
    """Return inputs and results that are not those the folder was written with."""
    found = []
    for name, expected in files.items():
        if not name.startswith(("inputs/", "results/")):
            continue
        path = HERE / name
        if not path.is_file():
            found.append(f"{name}: missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            found.append(f"{name}: changed since the folder was written (sha256 differs)")
    return found


def main():
    facts = json.loads((HERE / "manifest.json").read_text(encoding="utf-8"))
    problems = changed(facts["files"])
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", *facts["command"], "--to", place]
        done = subprocess.run(command, cwd=HERE, stdout=subprocess.DEVNULL)
        if done.returncode:
            print(f"the study does not run (exit status {done.returncode}); see above")
            return 1
        found = json.loads((Path(place) / "results.json").read_text(encoding="utf-8"))
    kept = json.loads((HERE / "results" / "results.json").read_text(encoding="utf-8"))
    if found["version"] != facts["iomodel"]:
        print(f"note: iomodel {found['version']} here, {facts['iomodel']} when it was written")
    lines, count = compared(kept, found, facts["tolerance"])
    for line in [*problems, *lines[:SHOWN]]:
        print(line)
    if len(lines) > SHOWN:
        print(f"... and {len(lines) - SHOWN} more")
    if problems or lines:
        print(f"FAILED: {len(lines)} of {count} figures differ, {len(problems)} files changed")
        return 1
    print(f"replicated: all {count} figures agree to {facts['tolerance']:g}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
'''
