"""What everything else speaks of: records, frames, the skeleton, corrections and the entities of a training history."""
