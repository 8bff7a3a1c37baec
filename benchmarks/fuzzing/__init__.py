"""Fuzzing: inputs that coverage leads to, against what must be true of any text, page or file."""
