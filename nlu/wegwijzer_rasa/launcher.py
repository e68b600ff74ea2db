"""Starts Rasa's command line the way this project wants it: `python -m wegwijzer_rasa.launcher`."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading

from wegwijzer_rasa import quiet
from wegwijzer_rasa.seal import refuse_unsealed


def main() -> None:
    """Run `rasa` with the arguments given; a server keeps people's words out of its log.

    A server that is to load a model which does not fit its checksum ends at once.

    With WEGWIJZER_STOP_WITH_STDIN=1 a server ends when the other end of its standard input is
    gone: then it does not outlive the app that started it, however that ended.
    """
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["SANIC_WORKERS"] = "1"
    # Rasa's own cache would write up to 1 GB into the working folder; the app keeps whole models.
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"
    if sys.argv[1:2] == ["run"]:
        refuse_unsealed(sys.argv)
        quiet.install()
        if os.environ.get("WEGWIJZER_STOP_WITH_STDIN") == "1":
            threading.Thread(target=_stop_with_stdin, daemon=True).start()
    # Before TensorFlow: skops walks over every module that is loaded when it is imported, which
    # takes seconds once TensorFlow's thousands are among them.
    importlib.import_module("skops.io")
    rasa = importlib.import_module("rasa.__main__")
    sys.argv[0] = "rasa"
    rasa.main()


def _stop_with_stdin() -> None:
    # Not through sys.stdin: its buffer is locked by this read when the interpreter ends.
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
