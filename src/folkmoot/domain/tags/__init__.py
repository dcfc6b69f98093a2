"""Hashtags: their names and spelling, which posts carry them, who follows or features them, and
how much each was used on the last days.
"""
