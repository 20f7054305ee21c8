"""Argon2id, at the cost that OWASP's password cheat sheet names: 19 MiB, two passes, one lane."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """About 33 ms on a two-core machine; Django's own 100 MiB cost ten times that, and would let
    a handful of guesses keep both cores busy."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
