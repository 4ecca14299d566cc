"""The project's benchmarks: figures to compare, never tests with a clock."""
