"""A client of the Voordracht sync protocol that follows Protocol/PROTOCOL.md and shares no code with the Swift ones:
the test of that document. What it needed and did not find there was written there.

It needs Python 3.9, its standard library, and the program `openssl`, which makes keys and checks signatures:
the project needs that program anyway, and so nothing has to be installed from a package index.
"""
