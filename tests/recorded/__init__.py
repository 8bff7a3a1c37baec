"""Tests on what a real model answered; cassettes/README.md says how that is recorded."""
