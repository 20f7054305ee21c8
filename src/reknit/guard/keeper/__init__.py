"""The keeper: the one process that holds the open key ring and the search index.

Rules: its memory is dumped nowhere and, where allowed, not swapped; it answers on a Unix socket
that only this user may use; it counts what it opens for whom and stops at a limit; on `lock` it
ends, so that nothing of keys and index is left, and the next one starts without them; it logs ids
and kinds of errors, never a name.

    python -m reknit.guard.keeper       # `reknit serve` starts it, and again when it dies
"""
