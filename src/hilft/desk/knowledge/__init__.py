"""The editor's pages: questions, wordings, versions."""
