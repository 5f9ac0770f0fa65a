"""A physiotherapist's first view: triggers, the review queue of a caseload, and one person's case."""
