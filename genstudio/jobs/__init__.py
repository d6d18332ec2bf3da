"""Work that is done beside the window: lanes of tasks, and the thread that owns the engine."""
