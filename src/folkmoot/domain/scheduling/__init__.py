"""Posts written now, to be published at a moment to come."""
