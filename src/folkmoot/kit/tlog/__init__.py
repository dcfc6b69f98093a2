"""Transparency logs as C2SP writes them down: Merkle trees (`merkle`), tiles and entry bundles
(`tiles`), signed notes and checkpoints (`notes`), proofs and requests to witnesses as text
(`texts`), and auditing somebody's log from outside (`audit`, `audited`, `seen`).
"""
