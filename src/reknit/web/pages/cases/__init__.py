"""A case's pages: where it stands, who belongs to it, what is to be done, what happened."""
