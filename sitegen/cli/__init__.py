"""The commands. The only place that prints or exits."""

from sitegen.cli.main import main, run

__all__ = ["main", "run"]
