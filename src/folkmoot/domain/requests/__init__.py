"""Requests: what authorities asked for and what they were answered; referrals when a life is at
risk; disputes that ended out of court.

Records made by people, two of whom must agree. Nothing here is sent to anybody but the member it is
about, and nobody outside the team has access. Each is counted in the public log.
"""
