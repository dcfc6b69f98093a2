"""Practice: past cases made anonymous, with the answer the team agreed on; who practised what.

Nothing here touches a member. What somebody answered is theirs to see; everybody else sees counts.
"""
