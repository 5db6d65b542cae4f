"""Which camera a request comes from, by whatever it can say of itself: token, Basic or Digest."""

import base64
import hmac
from collections.abc import Sequence
from typing import Final, NamedTuple
from urllib.parse import parse_qs

from doorbell_client.config.cameras import Camera
from doorbell_client.relay import digest
from doorbell_client.relay.nonces import Nonces

REALM: Final = "doorbell relay"


class Claim(NamedTuple):
    """What a request says of who it is from."""

    method: str
    target: str
    """Path and query, as they were sent."""
    authorization: str | None


class Refusal(NamedTuple):
    """Nobody's, or not provably somebody's."""

    challenges: Sequence[str]
    """Values of `WWW-Authenticate`, the best first."""
    offered: bool
    """It said something of itself, and that was wrong."""


class Gate:
    """The cameras of one relay."""

    def __init__(self, cameras: Sequence[Camera], nonces: Nonces | None = None) -> None:
        self._cameras = cameras
        self._nonces = nonces or Nonces()

    def camera(self, claim: Claim) -> Camera | Refusal:
        """Whose request this is."""
        scheme, _, rest = (claim.authorization or "").strip().partition(" ")
        match scheme.lower():
            case "digest":
                return self._by_digest(claim, rest)
            case "basic":
                found = self._by_basic(rest)
            case "bearer":
                found = self._by_token(rest)
            case "":
                return self._by_query(claim)
            case _:
                found = None
        return found or self._refusal(offered=True)

    def _by_query(self, claim: Claim) -> Camera | Refusal:
        query = parse_qs(claim.target.partition("?")[2], errors="replace")
        tokens = query.get("accessToken", [])
        found = self._by_token(tokens[0]) if len(tokens) == 1 else None
        return found or self._refusal(offered=bool(tokens))

    def _by_token(self, token: str) -> Camera | None:
        """White space around a token comes from copying it."""
        found = None
        # All of them are compared, so that the time says nothing of which one it resembles.
        for camera in self._cameras:
            if _same(camera.token, token.strip()):
                found = camera
        return found

    def _by_basic(self, encoded: str) -> Camera | None:
        try:
            decoded = base64.b64decode(encoded.strip(), validate=True)
        except ValueError:
            return None
        user, _, password = decoded.decode("utf-8", "replace").partition(":")
        camera = self._called(user)
        if camera is not None and _same(camera.password, password):
            return camera
        return self._by_token(password)

    def _by_digest(self, claim: Claim, text: str) -> Camera | Refusal:
        sent = digest.read(text)
        if sent is None or sent.realm != REALM or sent.uri != claim.target:
            return self._refusal(offered=True)
        camera = self._called(sent.username)
        if camera is None or not sent.is_answer(camera.password, claim.method):
            return self._refusal(offered=True)
        if not self._nonces.take(sent.nonce, int(sent.nc, 16)):
            # The password is right: `stale` lets the camera try again without asking anybody.
            return self._refusal(offered=False, stale=True)
        return camera

    def _called(self, user: str) -> Camera | None:
        return next((camera for camera in self._cameras if camera.user == user), None)

    def _refusal(self, *, offered: bool, stale: bool = False) -> Refusal:
        nonce = self._nonces.new()
        digests = [
            digest.challenge(REALM, nonce, algorithm, stale=stale)
            for algorithm in digest.ALGORITHMS
        ]
        return Refusal([*digests, f'Basic realm="{REALM}"'], offered)


def _same(known: str, said: str) -> bool:
    return hmac.compare_digest(known.encode(), said.encode("utf-8", "replace"))
