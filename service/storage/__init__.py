"""What outlives a request: replies of a model, in a file."""
