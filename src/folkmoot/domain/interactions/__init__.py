"""What a member does with a post for themself or its author: favourite, bookmark, mute its thread."""
