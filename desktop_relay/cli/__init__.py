"""The command line: arguments in, sentences or JSON out."""
