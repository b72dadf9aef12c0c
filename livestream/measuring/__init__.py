"""What a recording tells by itself: sound, picture, and the bands of domain.md 5. No database, no grade."""
