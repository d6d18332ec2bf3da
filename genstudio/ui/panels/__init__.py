"""The panels around the canvas: each shows one part of the studio and tells it what is wanted."""
