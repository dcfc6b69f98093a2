"""What the server says of itself: announcements, custom emoji, and what it counts of its use."""
