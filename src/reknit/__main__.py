"""`python -m reknit`: the `reknit` program, where its script is not on the path."""

from reknit.cli import main

if __name__ == "__main__":
    main()
