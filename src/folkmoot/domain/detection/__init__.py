"""Detectors: what is looked for in what members write, by whom it was put in force, what it found.

A detector is a text file with a public description and tests. It goes from draft over a backtest
and a shadow run to active, and back to shadow by itself when it misbehaves. It decides nothing:
what it finds is announced, and rooms above act on that and tell the author.
"""
