"""What lies on the disk: traces, records, exports, models, samples; every file is written whole or not at all."""
