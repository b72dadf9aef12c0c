"""Coaching livestream hosts: rehearsals, recordings and reviews.

May import courses and registry; never certificates.
"""
