"""`python -m redcap_iac`."""

from redcap_iac.cli import main

main()
