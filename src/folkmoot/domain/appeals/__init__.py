"""Appeals: decisions contested by whom they restrict, and by whose report they answered.

Nobody decides an appeal against their own decision (I3): the table refuses it as well. An appeal
that is upheld restores everything by itself.
"""
