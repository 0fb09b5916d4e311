"""The nouns: frozen values, state tables and the error tree, with no input or output."""
