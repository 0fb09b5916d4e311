"""Use cases, one module each, run by the window and the command line alike."""
