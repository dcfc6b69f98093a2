"""What a member does with a post: mark it a favourite, bookmark it, mute its thread."""
