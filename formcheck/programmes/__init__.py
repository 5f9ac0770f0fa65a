"""Programmes over weeks: the plan, its days, its levels and its criteria."""
