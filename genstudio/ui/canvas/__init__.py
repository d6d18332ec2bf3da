"""The middle of the window: the picture, the sheet of variations, and what is dropped on them."""
