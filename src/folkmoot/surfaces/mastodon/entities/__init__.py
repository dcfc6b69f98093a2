"""What the API returns: msgspec structs named after Mastodon's entities, and their making."""
