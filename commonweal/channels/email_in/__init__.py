"""E-mail that comes in: posted by a mail server, or fetched from a mailbox."""
