"""Video in (``files``) and out (``annotate``, drawn by ``draw``)."""
