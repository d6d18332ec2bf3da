"""The map of a model."""
