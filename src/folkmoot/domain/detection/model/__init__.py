"""Detectors as values."""
