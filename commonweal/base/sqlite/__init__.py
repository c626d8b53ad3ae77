"""A database engine for Django: SQLite, with writers that take turns soon after one another."""
