"""formcheck: exercise form checking from any camera. Importing this loads no video, pose or web library."""

__version__ = "0.1.0"
