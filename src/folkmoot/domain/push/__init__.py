"""Web push: where a client wants to be woken, for what, and carrying it there by durable jobs
(RFC 8030, 8188, 8291, 8292)."""
