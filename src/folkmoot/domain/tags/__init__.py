"""Hashtags: their names and spelling, which posts carry them, who follows or features them."""
