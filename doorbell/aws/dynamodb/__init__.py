"""The one table: a file for each kind of record."""
