"""Who is whom, how sure, and why."""
