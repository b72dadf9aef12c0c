"""Reads over places, people and their status; nothing here writes."""
