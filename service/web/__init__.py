"""A result for its readers: the page, the report, and Markdown. Nothing here knows of HTTP."""
