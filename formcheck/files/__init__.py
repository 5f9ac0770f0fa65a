"""Files on disk: traces, records, models and samples. Every file is written whole or not at all."""
