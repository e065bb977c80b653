"""Measuring: a corpus of any size, and the same site built by others."""
