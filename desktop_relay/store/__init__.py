"""The only importer of SQLite: library.db, spool.db, their migrations, and the vault for secrets."""
