"""How good the bundled models are, by family, measured through the same engine that people use."""
