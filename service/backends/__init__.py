"""Backends propose claims, groups, sentences and verdicts; the core decides."""
