"""The two public doors: who looks for somebody, and who is safe and says so; and coming back.

Rules: no address, cookie or log line holds anything that was typed; every page works without
JavaScript; nothing here says whether anybody is known (trust: I3); what is dear (hashing, sealing,
writing) comes after what is cheap (`gate`).
"""
