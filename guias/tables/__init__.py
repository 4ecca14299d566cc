"""Rows of lists and figures as screens show them: words, addresses and numbers, no HTML."""
