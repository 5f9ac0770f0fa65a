"""The version of formcheck: part of every record, report and archive."""

VERSION = "0.1.0"
