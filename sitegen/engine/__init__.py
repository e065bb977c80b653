"""Doing the work: loading, planning, rendering in parallel, and writing safely."""
