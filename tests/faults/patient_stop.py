"""The app as it may not be: asked to stop, it waits for every turn that is under way.

Run as `python -m tests.faults.patient_stop run`. With a Rasa that is slow this takes longer than
whoever stops us is willing to wait.
"""

from __future__ import annotations

import bot.running
from bot.cli import main

if __name__ == "__main__":
    bot.running.STOP_LIMIT = 600.0
    main()
