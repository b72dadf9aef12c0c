"""What a person earned: the certificate, its number, its PDF and its public verification.

May import courses and registry. Start reading at `models.py`, then `services.py`.
"""
