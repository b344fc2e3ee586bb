"""What stands between a plan and a study: hazards, counts, guards."""
