"""Telemetry: who counts, logs and traces. Each library is known to one file, none to what is watched."""
