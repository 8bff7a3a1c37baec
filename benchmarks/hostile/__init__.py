"""What the worst documents cost that may be posted, each in a process of its own."""
