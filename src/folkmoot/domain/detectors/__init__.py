"""What a detector is: a text file with a public description, a condition, tests and an effect.

Reads and checks such files, tries their tests, and looks with many of them at one deed. Owns no
tables; the ones that ship with the program lie in `texts/detectors`, none of them in force.
"""
