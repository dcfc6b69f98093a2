"""How many reviewers it takes: cases counted by the hour, and the forecast made of them.

Counts alone are kept, nothing about who reported, judged or was judged.
"""
