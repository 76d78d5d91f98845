"""Import and export of questions and answers: a rehearsal first, then all of it or nothing."""
