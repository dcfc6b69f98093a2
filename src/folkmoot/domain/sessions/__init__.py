"""Who is signed in with a browser: sign-ins in one or two steps, sessions, and the record of
sign-ins that their member can read.
"""
