"""Sources of poses: the protocol (``base``), MediaPipe (``mediapipe_tasks``) and a saved trace (``replay``)."""
