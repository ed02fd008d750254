"""A client of the Voordracht sync protocol, written from Protocol/PROTOCOL.md alone: the test of that document.

It needs Python 3.9, its standard library, and the program `openssl`, which makes keys and checks signatures:
the project needs that program anyway, and so nothing has to be installed from a package index.
"""
