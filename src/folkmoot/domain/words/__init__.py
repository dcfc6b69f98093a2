"""What the service says to people by letter and push, in each language it ships with.

The texts lie in `texts/words/`, one catalogue for each language; this room only finds them.
"""
