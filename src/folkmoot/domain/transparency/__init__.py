"""The public log: one leaf for each thing decided here, in a tree that only grows and whose states
are signed, so that anybody can check that nothing was changed or left out (I2). Upper rooms call
`actions.record` in the transaction that decides. Leaves hold codes, never personal data; what they
commit to lies apart, and can be forgotten.
"""
