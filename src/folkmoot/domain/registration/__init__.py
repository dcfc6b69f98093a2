"""How one becomes a member: signing up openly, by approval or by invitation; the team's decision;
from what nobody signs up; the owner that an instance begins with.
"""
