"""The output of a batch: one line for each of its input, in order, each on the disk before anything forgets it.

A run that was interrupted left whole lines and at most one torn one behind. The next run checks each whole line
against the input by the digest that it holds, cuts the torn one off, and goes on after it.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from service.api.schemas import Problem
from service.batch.lines import Line, RawLine
from service.batch.tally import Tally
from service.core.errors import ConcordError, InvalidInput
from service.jobs.model import Job, Status

_BEGIN_ANEW = "--restart throws it away and begins anew"


def to_record(line: Line, job: Job | None, result: str | None, problem: Problem | None) -> tuple[bytes, str, Any]:
    """A line of output, with its status and what it used. `result` is JSON; `problem` is for what no job has."""
    status = job.status.value if job and result else Status.FAILED.value
    usage = json.loads(job.spent) if job else None
    explained = problem.model_dump_json(exclude_none=True) if problem else job.problem if job else None
    head = {"line": line.number, "custom_id": line.custom_id, "input_sha256": line.digest, "status": status}
    fields = [f'"{name}":{json.dumps(value, ensure_ascii=False)}' for name, value in {**head, "usage": usage}.items()]
    fields += [f'"result":{result or "null"}', f'"problem":{explained if not result and explained else "null"}']
    return ("{" + ",".join(fields) + "}\n").encode(), status, usage


class Output:
    """The file that a batch writes. One process at a time has it open; while it is, nobody else can.

    Beside it stands `FILE.batch` with the batch's own name until all is done: jobs that were begun are found by it.
    It is written once the file is known to be this batch's: else a file that was refused would look like one begun.
    """

    def __init__(self, path: Path) -> None:
        """Raises InvalidInput if the file can't be written to, or another process writes it.

        `begun` tells whether a run before left something to go on with.
        """
        self.path = path
        self._beside = path.with_name(f"{path.name}.batch")
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise InvalidInput(f"{path} can't be written: {error.strerror}") from error
        try:
            self._lock()
            self.name = self._found_name()
        except BaseException:
            os.close(self._file)
            raise

    def _lock(self) -> None:
        if not self.path.is_file():
            raise InvalidInput(f"{self.path} is no file: OUT must be one, for a batch that is interrupted to go on")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InvalidInput(f"another process is writing {self.path}: wait for it, or name another OUT") from error

    def _found_name(self) -> str:
        """The batch's name: that of the run before if it left one, else a new one."""
        try:
            found = self._beside.read_text().strip()
        except (OSError, UnicodeDecodeError):
            found = ""
        self.begun = found.isalnum() and found.isascii() and len(found) == 32
        return found if self.begun else secrets.token_hex(16)

    def _keep_name(self) -> None:
        """Have the name on the disk before it is used. Raises InvalidInput if it can't be."""
        if self.begun:
            return
        new = self._beside.with_name(f"{self._beside.name}.new")
        try:
            new.write_text(f"{self.name}\n")
            new.replace(self._beside)
            self._settle_names()
        except OSError as error:
            raise InvalidInput(f"{self._beside} can't be written: {error.strerror}") from error

    def _settle_names(self) -> None:
        """Have the folder's entries on the disk too."""
        folder = os.open(self.path.absolute().parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def clear(self) -> None:
        """Throw away what is written. Raises InvalidInput if nothing can be written beside it."""
        self._keep_name()
        os.ftruncate(self._file, 0)

    def resume(self, lines: Iterator[RawLine], tally: Tally) -> None:
        """Count what is written, and leave of `lines` what is not. Cuts a torn last line off.

        Raises InvalidInput, before anything is changed, if what is written is not this input's.
        """
        whole = 0
        with os.fdopen(os.dup(self._file), "rb") as file:
            file.seek(0)
            for number, body in enumerate(file, start=1):
                if not body.endswith(b"\n"):
                    if number == 1 and not self.begun:  # somebody's one line, not the torn one of a run before
                        raise InvalidInput(f"line 1 of {self.path} was not written by a batch; {_BEGIN_ANEW}")
                    break
                self._compare(number, body, next(lines, None), tally)
                whole += len(body)
        self._keep_name()
        os.ftruncate(self._file, whole)

    def _compare(self, number: int, body: bytes, raw: RawLine | None, tally: Tally) -> None:
        try:
            record = json.loads(body)
            line, digest, status, usage = (record[name] for name in ("line", "input_sha256", "status", "usage"))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise InvalidInput(f"line {number} of {self.path} was not written by a batch; {_BEGIN_ANEW}") from error
        if raw is None:
            raise InvalidInput(f"{self.path} holds more lines than IN; {_BEGIN_ANEW}")
        if (line, digest) != (raw.number, raw.digest):
            detail = f"line {number} of {self.path} was made of another line {line} of IN than there is now"
            raise InvalidInput(f"{detail}: put IN back as it was, or {_BEGIN_ANEW}")
        tally.add(status, usage)

    def append(self, records: Sequence[bytes]) -> None:
        """Write lines, and have them on the disk. Raises ConcordError if they can't be."""
        left = memoryview(b"".join(records))
        try:
            os.lseek(self._file, 0, os.SEEK_END)
            while left:
                left = left[os.write(self._file, left) :]
            os.fsync(self._file)
        except OSError as error:
            raise ConcordError(f"{self.path} can't be written: {error.strerror}") from error

    def finish(self) -> None:
        """All is done: no job is to be found by the batch's name any more."""
        self._beside.unlink(missing_ok=True)

    def close(self) -> None:
        """Let another process have the file."""
        os.close(self._file)
