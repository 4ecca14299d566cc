"""Demonstration content: one module an app, each with an idempotent ``load()``; facts are in ``data/``."""
