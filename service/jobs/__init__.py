"""Durable jobs: summaries that outlive the process that began them."""
