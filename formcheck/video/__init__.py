"""Video in (``files``) and out (``annotate``, drawn by ``draw`` and ``overlay``), cameras, single pictures and a preview window."""
