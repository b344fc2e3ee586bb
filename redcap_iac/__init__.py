"""Project-as-code for REDCap."""
