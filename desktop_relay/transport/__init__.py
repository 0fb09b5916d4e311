"""The only place with sockets, TLS and DNS: resolver, SMTP session, pool, routes, sandbox."""
