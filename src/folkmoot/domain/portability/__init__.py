"""Taking everything along and bringing it in: CSV files, archives and imports, each in steps that
a crash cannot spoil.
"""
