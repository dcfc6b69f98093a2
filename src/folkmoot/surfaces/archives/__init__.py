"""What is taken along and brought in, in the language that other servers of this kind speak:
Mastodon's CSV files, and its archive of ActivityStreams (W3C Recommendation, 2017) and media.
"""
