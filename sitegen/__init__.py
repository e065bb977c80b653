"""sitegen: a static site generator for a fashion-news mirror."""

__version__ = "0.1.0"
