"""Everything that changes guides, one verb a function."""
