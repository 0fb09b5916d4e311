"""Pages, one package each; none imports another."""
