"""What outlives a request: jobs, keys, replies of a model, in a file or in PostgreSQL."""
