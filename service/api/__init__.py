"""The HTTP surface: schemas, routes and problems. Thin; what it serves is handed to it by app.py."""
