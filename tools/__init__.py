"""What `make` runs for those who work on the course: locks, notebooks, releases."""
