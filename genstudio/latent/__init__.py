"""Maths over latents, in numpy alone: no model, no picture file."""
