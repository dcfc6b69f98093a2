"""Tallies: the transparency report of a period, counted from the public log's entries alone.

The server counts what everybody can count, so that a report can be recomputed from outside to the
byte, and still can when the accounts it is about are long gone.
"""
