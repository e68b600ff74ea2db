"""Run the Bot API test server by itself: `python -m tests.botapi --port 8081`."""

from __future__ import annotations

import argparse

from tests.botapi.server import LOOPBACK, serve_alone
from tests.botapi.world import TOKEN, TelegramWorld


def main() -> None:
    """Serve until Ctrl+C, and say how to use it."""
    parser = argparse.ArgumentParser(prog="python -m tests.botapi", description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default=TOKEN)
    options = parser.parse_args()
    address = f"http://{LOOPBACK}:{options.port}"
    print(f"Telegram test server at {address}, bot token {options.token}")
    print(f'Say something:  curl {address}/control/send -d \'{{"user_id": 1, "text": "hallo"}}\'')
    print(f'Press a button: curl {address}/control/press -d \'{{"user_id": 1, "label": "Ja"}}\'')
    print(f"Read answers:   curl '{address}/control/received?user_id=1&wait=10'")
    serve_alone(
        TelegramWorld(options.token), options.port, on_ready=lambda: print("Ready", flush=True)
    )


if __name__ == "__main__":
    main()
