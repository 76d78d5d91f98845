"""The rules about second persons, and one's own record under them."""
