"""Pages and forms of the forum."""
