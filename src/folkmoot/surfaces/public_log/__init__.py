"""The public log as static files (c2sp.org/tlog-tiles), proofs of single entries, and the witness
protocol: for programs. People read the same log at /log, which is `surfaces/web`'s.
"""
