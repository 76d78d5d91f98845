"""One answer to everybody who waits on a question: who they are, the decision about it, and how far it is."""
