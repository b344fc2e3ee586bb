"""Lint: rules that judge a design, beyond what REDCap would refuse.

`judge(design, settings)` runs every rule that is chosen and returns what is found, what was
suppressed and by whom. A rule is a function with a code; rules live in `lint/rules/`, one module a
family, and are found there: a new rule is one function and its cases, no list to edit.
"""
