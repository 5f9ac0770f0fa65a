"""From a video or landmarks to a judged set: the one loop, requests, and recognition of the exercise."""
