"""STO-wegwijzer: walks a teacher's idea along the Sterk Techniekonderwijs route."""

__version__ = "0.1.0"
