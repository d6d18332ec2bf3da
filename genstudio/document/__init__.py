"""What a person makes in one sitting: its history, in words, and the file it is kept in."""
