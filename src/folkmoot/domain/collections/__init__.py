"""Collections: accounts that a member recommends to others, who agree to it and may leave."""
