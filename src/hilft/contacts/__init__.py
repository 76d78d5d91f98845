"""What we know of a person: which identities are theirs, by whose word, and what is kept in mind about them."""
