"""GenStudio: an offline studio for images made by models on your own machine."""

import os

__version__ = "0.1.0"

# ONNX Runtime 1.31 reports to its makers some seconds after it was loaded, also on Linux; its
# disable_telemetry_events() comes too late. This is read while it loads.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
