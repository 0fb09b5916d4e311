"""The sandbox in virtual time: the engine's own decisions over the practice carriers, days in seconds."""
