"""How one becomes a member: signing up openly, by approval or by invitation; the team's decision;
the owner that an instance begins with.
"""
