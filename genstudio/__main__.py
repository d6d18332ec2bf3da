"""`python -m genstudio` is the command `genstudio`."""

from genstudio.cli.main import entry

if __name__ == "__main__":
    entry()
