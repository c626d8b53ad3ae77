"""What the fuzz benchmark does inside the program: strange words, every form, the doors of programs."""
