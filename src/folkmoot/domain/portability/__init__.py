"""Taking everything along: lists as CSV files, all else in an archive that is packed in parts, so
that a crash costs one part.
"""
