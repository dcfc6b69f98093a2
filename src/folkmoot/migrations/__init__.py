"""The database's history: each step works while the previous release is still running."""
