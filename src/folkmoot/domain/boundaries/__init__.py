"""What keeps people apart: blocks, mutes, blocked domains, and whom these hide from whom."""
