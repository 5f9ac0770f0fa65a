"""Runs the command ``formcheck`` as ``python -m formcheck``."""

from formcheck.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
