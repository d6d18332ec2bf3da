"""A recipe in, a rendering out: the only room that runs models."""
