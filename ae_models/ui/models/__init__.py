"""My models: cards, search, the trash, what was interrupted."""
