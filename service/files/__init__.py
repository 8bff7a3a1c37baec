"""Files: PDF and Word to text, each in a process of its own that can be ended. Knows nothing of HTTP."""
