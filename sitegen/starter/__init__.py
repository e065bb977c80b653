"""What `sitegen init` and `sitegen new` write."""
