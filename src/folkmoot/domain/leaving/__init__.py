"""An account's way out: asked for, thought over, undone or done, in steps that a crash cannot
spoil.
"""
