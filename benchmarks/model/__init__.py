"""What asking a model costs, on a stub: Concord, and the peers that ask one in environments of their own."""
