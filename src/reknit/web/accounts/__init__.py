"""Who may sign in, and how they prove it.

Rules: nobody signs up; a one-time link from `reknit users add` sets the password; nothing else of
the application is served before a second factor is set up (an authenticator app or a passkey); its
secrets are sealed; a code works once; an address or account that failed too often is refused before
its password is hashed (docs/how-to/add-staff.md).
"""
