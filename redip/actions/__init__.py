"""What people do in a network: each a function, whole or not at all, that asks the policy itself."""
