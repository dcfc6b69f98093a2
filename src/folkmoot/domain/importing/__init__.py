"""Bringing in from elsewhere: Mastodon's CSV files and the posts of its archives, looked through
first, begun when the member says so, and taken up again after a crash.
"""
