"""Concord: what several reports of one event agree on, say alone, and dispute, each sentence span-checked."""

__version__ = "0.1.0"
