"""Measures how well texts are understood, and compares ways to do it: `make understanding`."""
