"""Turns weights that people downloaded in other formats into packs."""
