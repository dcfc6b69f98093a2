"""Disclosure: decisions as statements of reasons for the EU transparency database.

A statement is written with its decision, of codes and published words alone, so that it names
nobody and outlives what it is about. What is sent is published there; nobody is reported by it.
"""
