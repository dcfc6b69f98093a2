"""The Mastodon client API: one file per URL prefix, entities beside them.

`operations` turns a plain function into an operation of the API; `params` decodes what clients
send; `errors` says no in the shape they know.
"""
