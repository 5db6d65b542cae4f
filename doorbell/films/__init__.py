"""Films: of a ring, of a party, and of what a camera saw in some days.

Which pictures, where the film goes, who hears of it. How a film is made is `filmmaker`'s business.
"""
