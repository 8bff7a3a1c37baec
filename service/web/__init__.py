"""The page and the report: results as HTML, by one set of templates. Nothing here knows of HTTP."""
