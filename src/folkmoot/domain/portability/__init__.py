"""Leaving, taking along and bringing in: deletion with its time to think it over, archives, CSV
files and imports, each as steps that a crash cannot spoil.
"""
