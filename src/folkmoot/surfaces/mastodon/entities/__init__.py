"""What the API returns, as msgspec structs named after Mastodon's entities, and how each is made."""
