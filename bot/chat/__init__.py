"""The ways in, and the worker that takes up what came in."""
