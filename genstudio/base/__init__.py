"""What every other room may use: errors, places, files, progress. It knows nothing of pictures."""
