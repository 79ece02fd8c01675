"""Speed against named peers; run with `make bench`."""
