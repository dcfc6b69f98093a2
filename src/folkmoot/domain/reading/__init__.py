"""Posts as one viewer meets them: in one query the revision, counts, and the viewer's own flags.

Every page of posts passes here, so visibility is enforced here and nowhere else.
"""
