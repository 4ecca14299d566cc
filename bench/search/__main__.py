"""``python -m bench.search N …``: how an engine bears many documents."""

from bench.search.scale import main

if __name__ == "__main__":
    main()
