"""What every other room may use: errors, places, files, progress. Standard library and platformdirs only."""
