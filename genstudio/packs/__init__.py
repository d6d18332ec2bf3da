"""Model packs: what a folder with ONNX graphs and a manifest must be, and where packs live."""
