"""Whether what moves before the door moves like a flat print. Advice: it opens and refuses
nothing, and nothing of the ring path knows it.
"""
