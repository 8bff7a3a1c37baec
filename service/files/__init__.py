"""Files: PDF, Word and pages to text, in processes that can be ended. Knows nothing of HTTP."""
