"""What was done, as detectors may look at it: the words of a post or profile, and typed facts.

This is the one list of what conditions can ask for. Nothing here decides anything, and no direct
message ever becomes a deed. Owns the prints by which the same words are known again for a day.
"""
