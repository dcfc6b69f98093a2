"""Cases: what is to be judged, in which order, by whom, and what every reviewer looked at.

Reports and findings about one subject join one open case. A case is taken under a lease, decided
once, and closed; what is decided is a decision's matter.
"""
