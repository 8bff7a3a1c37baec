"""Batches: files of many requests, worked on as durable jobs and written in the order they were read."""
