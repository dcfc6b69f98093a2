"""The rooms: plain synchronous functions over a transaction, each room the owner of its tables."""
