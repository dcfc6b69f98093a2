"""What binds here: rules, terms and privacy policy, published together in numbered versions that
never change; and which version each member has accepted.

The texts that ship with the program are version 1. Who was there before a version is told ahead
of it and has a time of grace to accept it; what follows then is part of the version.
"""
