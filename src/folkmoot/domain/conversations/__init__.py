"""Direct posts as each participant keeps them: by thread and by who takes part, read or unread."""
