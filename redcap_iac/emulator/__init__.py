"""A stand-in for a REDCap server: its API, its behaviour, its faults to order."""
