"""The window: widgets that show the studio's state and tell what the person wants."""
