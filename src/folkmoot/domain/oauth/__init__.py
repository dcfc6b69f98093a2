"""Which applications may act for whom: applications, authorisation codes, tokens, scopes (RFC 6749)."""
