"""Matching lists: words, domains and pictures that detectors look for, imported or kept by hand.

Each entry says where it came from and why. Imports are shown as a difference before they are made,
can be undone, and never touch what the allow-list protects.
"""
