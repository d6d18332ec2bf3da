"""One module a family: how its graphs make a picture of a recipe."""
