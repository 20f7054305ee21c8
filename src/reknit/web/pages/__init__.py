"""The staff's pages. A view parses, calls one function, renders; one module a subject."""
