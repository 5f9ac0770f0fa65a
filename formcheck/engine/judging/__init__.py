"""Is a rule broken? Measured intervals in, verdicts, faults and cues out."""
