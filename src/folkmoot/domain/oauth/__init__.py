"""Which applications may act for whom: applications, codes, tokens, scopes (RFC 6749)."""
