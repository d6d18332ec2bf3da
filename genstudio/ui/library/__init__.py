"""The library on the window: pictures in a grid, what to seek them by, details beside them."""
