"""How good search is, by judged queries over the demonstration, and how fast its engines are."""
