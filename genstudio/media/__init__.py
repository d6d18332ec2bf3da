"""Files that pictures and films are written to: formats, marks, flat memory."""
