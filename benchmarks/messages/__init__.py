"""Messages as a tracing desk gets them, with what a careful worker reads in them, and the score.

The messages lie beside this file, one file a language, with their facts marked in the text;
`marking` reads them, `scoring` compares, `desk` runs `reknit messages triage`. README.md says how
and by whom they were written.
"""
