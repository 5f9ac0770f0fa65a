"""Cut the first seconds of a clip, for measurements that take too long on a whole clip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av

if TYPE_CHECKING:
    from pathlib import Path


def cut(source: Path, target: Path, seconds: float) -> Path:
    """Copy the packets of ``source`` before ``seconds`` to ``target`` without encoding again; return ``target``."""
    with av.open(str(source)) as film, av.open(str(target), "w") as output:
        stream = output.add_stream_from_template(film.streams.video[0])
        for packet in film.demux(video=0):
            if packet.dts is not None and packet.pts * packet.time_base < seconds:
                packet.stream = stream
                output.mux(packet)
    return target
