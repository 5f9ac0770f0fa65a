"""Serve one of the pages beside this file, for ``benchmarks/live.py``: ``python -m benchmarks.live_pages.serve ours 8601``.

``SLOW_MS`` in the environment makes every pose take that many milliseconds longer, as on a slow server.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from formcheck.model.frames import Pose

SLOW_S = float(os.environ.get("SLOW_MS", "0")) / 1000


def main() -> None:
    """Serve until the process is ended."""
    import streamlit as st

    from formcheck.app.launch import settings
    from formcheck.app.live.server_pose import ServerPose
    from formcheck.app.server import app_options

    page, port = sys.argv[1:]
    script = Path(__file__).with_name(f"{page}.py")
    if page == "webrtc":  # it needs none of our routes and has its own way to receive frames
        st.App(script).run(config=settings(int(port)))
        return
    if SLOW_S:
        look = ServerPose.look

        def slow_look(self: ServerPose, rgb: np.ndarray, t_s: float) -> Pose:
            time.sleep(SLOW_S)
            return look(self, rgb, t_s)

        ServerPose.look = slow_look
    st.App(script, **app_options()).run(config=settings(int(port)))


if __name__ == "__main__":
    main()
