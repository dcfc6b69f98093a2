"""What binds here: the rules, the terms of service and the privacy policy, in dated versions.

A version never changes once it is published; a newer one succeeds it on its day. Until the
operator publishes their own, the texts that ship with the program hold.
"""
