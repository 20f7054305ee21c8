"""Lists, messages and registrations become rows for casework; never calls casework."""
