"""Home and list feeds: filled as posts appear, cleared as follows end, kept short. They are derived
and can be made anew from posts, follows, tags and lists.
"""
