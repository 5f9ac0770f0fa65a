"""Where poses come from: the protocol (``base``), MediaPipe (``mediapipe_tasks``), a saved trace (``replay``)."""
