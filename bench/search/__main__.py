"""``python -m bench.search N``: the speed of an engine."""

from bench.search.speed import main

main()
