"""What a physiotherapist sees first: triggers, the review queue of a caseload, and one person's case."""
