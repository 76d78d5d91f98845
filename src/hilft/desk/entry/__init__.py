"""Getting in: sign-in links of the example workspace, and the first operator."""
