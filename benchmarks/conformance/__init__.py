"""What the OpenAPI document promises, tried by schemathesis: schemathesis.toml and hooks.py say what is right."""

from pathlib import Path

CONFIG = Path(__file__).with_name("schemathesis.toml")
