"""How well reviewing is done: blind second looks at a sample of what was decided, and how far
reviewers agree, from those and from practice.

Neither changes a decision; people may, by opening its case again.
"""
