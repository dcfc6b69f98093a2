"""How a local member gets in: the user behind an account, password, roles, sessions, sign-up."""
