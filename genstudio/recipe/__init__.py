"""What to render, as frozen data. No model, no pixels, no numpy."""
