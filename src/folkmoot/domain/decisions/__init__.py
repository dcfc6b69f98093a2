"""Decisions: what is done about an account or a post, by which rule, why, and until when.

A decision is its own statement of reasons: no restriction can be stored without one (I1). What
decisions in force do together is put on the account or post itself, and can be put there anew.
"""
