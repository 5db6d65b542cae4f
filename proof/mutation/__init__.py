"""Mutation: the code is spoiled in one place at a time, and the quick tests must notice.

Every change is one that mutmut would make, and two more (`changes.py`). mutmut itself cannot run
here: it leaves out properties and whatever else is decorated, and begins pytest anew for each
change. So a room's tests are collected once, each process that is forked from there puts one
changed function in the place of the live one, and the tests that run its line are run until one
fails.
"""
