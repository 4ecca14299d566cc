"""Saying to open pages *that* something happened. *What* they fetch over HTTP, as everybody."""
