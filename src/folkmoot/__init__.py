"""Folkmoot: a self-hosted micro-blog service that governs itself in the open."""

__version__ = "0.1.0"
