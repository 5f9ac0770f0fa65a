"""The same page with streamlit-webrtc, as a Streamlit script. Model and engine are the same; the server draws the lines."""

from __future__ import annotations

import time

import av
import cv2
import numpy as np
import streamlit as st
from streamlit_webrtc import WebRtcMode, webrtc_streamer

from benchmarks.live_pages.serve import SLOW_S
from formcheck import exercises
from formcheck.engine.analyzer import Analyzer
from formcheck.model.frames import Frame, Pose
from formcheck.model.skeleton import BONES, INDEX
from formcheck.pose.mediapipe_tasks import MediaPipeEstimator
from formcheck.spec.prescription import Prescription


class Look:
    """Callback of one video stream: finds the pose, runs the engine and draws the lines."""

    def __init__(self) -> None:
        self._estimator = MediaPipeEstimator("full")
        self._analyzer = Analyzer(exercises.load("squat"), prescription=Prescription(exercise="squat"))
        self._began_s = time.monotonic()

    def __call__(self, frame: av.VideoFrame) -> av.VideoFrame:
        rgb = np.ascontiguousarray(frame.to_ndarray(format="rgb24"))
        pose = self._estimator.estimate(Frame(time.monotonic() - self._began_s, rgb))
        time.sleep(SLOW_S)
        self._analyzer.update(pose)
        return av.VideoFrame.from_ndarray(self._drawn(rgb, pose), format="rgb24")

    def _drawn(self, rgb: np.ndarray, pose: Pose) -> np.ndarray:
        if pose.seen:
            at = pose.image_px.round().astype(int)
            for a, b in BONES:
                cv2.line(rgb, at[INDEX[a]].tolist(), at[INDEX[b]].tolist(), (255, 255, 255), 2)
        return rgb


if "look" not in st.session_state:
    st.session_state.look = Look()
webrtc_streamer(
    key="camera",
    mode=WebRtcMode.SENDRECV,
    video_frame_callback=st.session_state.look,
    async_processing=True,
    media_stream_constraints={"video": {"width": 480, "height": 360, "frameRate": 30}, "audio": False},
    rtc_configuration={"iceServers": []},
)
