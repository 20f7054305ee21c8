"""Envelope encryption: a data key per record, wrapped by a key ring, in a key store of its own.

Rules: a ciphertext opens only in the table, row and field it was sealed for (trust: test 11); data
keys are kept apart from the records, so that erasing one reaches the backups; a locked installation
opens nothing.

    from reknit.sealing import records
    records.seal(accounts, values)      # before bulk_create or save
    records.unseal(accounts)            # the values again
"""
