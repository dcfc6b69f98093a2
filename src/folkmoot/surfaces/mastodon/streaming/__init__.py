"""Streaming: what happens, told at once over WebSockets and server-sent events.

`channels` names what can be listened to, `messages` what is said, `connections` who listens;
`gathering` finds in one read transaction what committed work means for those who listen, `hub`
brings it to them; `sockets` and `events` are the two ways it travels.
"""
