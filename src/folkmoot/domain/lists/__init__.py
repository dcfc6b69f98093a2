"""Lists: members' own choices of whom they follow, each with a feed of its own."""
