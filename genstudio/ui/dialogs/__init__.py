"""What asks the person for more than one thing at once."""
