"""Results and tables become files here, whole or not at all."""
