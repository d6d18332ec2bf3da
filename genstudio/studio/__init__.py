"""What the window shows and does, without Qt: the state, and every intention as a method."""
