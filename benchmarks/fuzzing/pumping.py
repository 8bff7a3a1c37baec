"""Pumping: an input in which a part is said again and again. Imports nothing that is instrumented."""

from __future__ import annotations

ONE_IN, PUMPED = 32, 10_000
"""How many inputs have one pumped among them, and to how many bytes."""


def unfolded(data: bytes) -> bytes:
    """The input that some bytes stand for: they without the first, or, one in many, a part of them again and again.

    Time that does not grow with the length shows in the long ones alone, which no mutation would find.
    """
    if len(data) < 4 or data[0] % ONE_IN:
        return data[1:]
    body = data[3:]
    start = data[1] % len(body)
    end = min(len(body), start + 1 + data[2] % 32)
    times = max(1, (PUMPED - len(body)) // (end - start))
    return body[:start] + body[start:end] * times + body[end:]
