"""The lines of the matrix, a module for each app; matrix.py joins them and says how to read them."""
