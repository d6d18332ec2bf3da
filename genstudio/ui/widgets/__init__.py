"""Widgets that know no studio: each shows a value and tells what a person did with it."""
