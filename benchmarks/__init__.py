"""What fitcheck gets right, how fast it is, and what each rule does; see README.md beside this file."""
