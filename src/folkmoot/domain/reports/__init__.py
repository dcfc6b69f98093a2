"""Reports by anyone, each with a receipt that tells what became of it; who reports how well.

A report says whom or what, and why. What is then done about it is a case's and a decision's
matter; the outcome comes back here, to be told to whoever reported.
"""
