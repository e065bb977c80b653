"""What the writers wrote: files become frozen values, and everything wrong with them becomes problems."""
