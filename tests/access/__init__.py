"""The table of who may do what at which address, held against what the program does."""
