"""The ring's protocol, explored exhaustively: the code that is deployed, in a world that may go
wrong at every step.
"""

from proof.model.proving import prove as prove
