"""Film: bursts of rings and parties, and what cameras saw, as films."""
