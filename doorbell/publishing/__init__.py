"""Films that are published: off by default, of one camera or one door at a time, at most once."""
