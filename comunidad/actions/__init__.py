"""What people do in the forum: each a function, whole or not at all, that asks the policy itself."""
