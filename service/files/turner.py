"""The process that turns pages into text: a request a line on standard input, an answer a line on standard output.

    python -m service.files.turner MEMORY SECONDS

Started by pages.py, in isolation, and kept for the next page. A page comes from anybody: memory is bounded from the
start, the seconds of a processor for each page, and no socket can be had. It answers `{"text", "last"}` or
`{"problem", "last"}`; after a last answer it ends, so that what pages left behind in memory goes with it.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

from service.core.formats import to_text
from service.core.model import Format
from service.files.reader import allow, bound

MOST_PAGES = 500
MOST_MEMORY = 400_000  # kilobytes that a process may have held and still be used again


def answer(line: str | bytes) -> dict[str, Any]:
    """What is said of a page."""
    asked = json.loads(line)
    try:
        return {"text": to_text(asked["text"], Format(asked["format"])), "last": False}
    except (MemoryError, RecursionError):
        return {"problem": "reading the page takes more memory than that of one may", "last": True}
    except Exception as error:  # noqa: BLE001 (a broken page breaks its library in ways of its own)
        return {"problem": f"the page can't be read: {type(error).__name__}", "last": True}


def held() -> int:
    """Kilobytes that this program has held at most. `getrusage` would count the service that started it, too."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return int(status.partition("VmHWM:")[2].split()[0])
    except (OSError, IndexError):  # no Linux
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    memory, seconds = (int(given) for given in sys.argv[1:3])
    answers, sys.stdout = sys.stdout, sys.stderr  # what a library prints is no answer
    bound(memory)
    for number, line in enumerate(sys.stdin.buffer, start=1):
        allow(seconds)
        said = answer(line)
        said["last"] = said["last"] or number >= MOST_PAGES or held() > MOST_MEMORY
        print(json.dumps(said), file=answers, flush=True)
        if said["last"]:
            return


if __name__ == "__main__":
    main()
