"""The library: every picture that was kept, found again by words, marks and likeness."""
