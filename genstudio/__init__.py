"""GenStudio: an offline studio for images made by models on your own machine."""

__version__ = "0.1.0"
