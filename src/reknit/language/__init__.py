"""Messages: detect, gloss, summarise, categorise, urgency, facts (comes with a later issue)."""
