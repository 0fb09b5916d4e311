"""Values to bytes: render, compose, headers, DKIM; clock and ids are passed in."""
