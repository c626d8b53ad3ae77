"""What is held on one person, for that person: to read, to take away, and to have erased."""
