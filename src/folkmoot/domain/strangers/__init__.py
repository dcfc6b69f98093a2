"""How a member stands to whoever would tell them something, and what they want done with
strangers: the policy, and the permissions that override it."""
