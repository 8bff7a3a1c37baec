"""Jobs: engines, running, liveness, and what clients see."""
