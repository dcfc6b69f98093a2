"""What a member has beside the password: an authenticator app (TOTP, RFC 6238), passkeys
(WebAuthn) and one-time recovery codes. A role takes effect only with one of the first two.
"""
