"""Who follows, blocks, mutes whom; requests to follow; what that hides from whom."""
