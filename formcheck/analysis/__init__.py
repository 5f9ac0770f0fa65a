"""From a video or landmarks to a judged set: the one loop, what to do with a request, and which exercise it is."""
