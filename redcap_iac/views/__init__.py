"""What people and machines read: plans, findings, accounts; as text, as JSON."""
