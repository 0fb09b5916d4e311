"""Real servers on loopback, each started with a configuration of its own and stopped by its pid."""
