"""A home that stays: what `make up KEEP=yes` keeps of the one machine over a restart.

`home.py` is the folder and who has it, `store.py` its file, `keeper.py` what is written when, and
`places.py` what is kept of a table, a bucket, keys, secrets and the faces.
"""
