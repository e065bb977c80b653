"""The preview: watch the sources, build again, tell the open pages, serve as a static host would."""
