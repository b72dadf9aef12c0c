"""What is in the world, a module for each app: `make_...` makes it, `addresses` fills its addresses.

A new object: make it in the module of its app, keep it on the world, and name in `addresses` what fills the
address of the one that is there and of one that is nowhere.
"""
