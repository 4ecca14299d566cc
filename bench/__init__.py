"""The project's benchmarks: figures to compare, never tests with a clock."""

FILES = "file: "
"""How the names of answers begin that are files of many rows and no pages; the limit does not bind them."""
MISSING = "not found"
"""The page that says that there is nothing at an address."""
SUGGESTIONS = "suggestions"
"""In the name of what is offered while one types."""
