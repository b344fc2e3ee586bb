"""The campaign: a plan that touches every kind, disturbed at every call in every way there is.

`python -m tests.end_to_end.campaign [NUMBER]` prints its figures, of all points or of that many
taken by chance; `--processes` kills real processes instead, at every write.
"""
