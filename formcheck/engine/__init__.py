"""The engine: from landmarks to counted, measured and judged repetitions and holds. Pure numpy, no input or output."""
