"""One page -> bytes: Markdown, the theme, the parts that pages share. Nothing in here writes a file."""
