"""Cutting an own picture."""
