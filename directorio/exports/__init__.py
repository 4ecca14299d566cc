"""The directory for other programs: tables, GeoJSON and what search engines read."""
