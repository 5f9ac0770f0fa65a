"""Measure the noise floor of sway: the sway of a body that does not move at all.

    python benchmarks/sway.py [--clip single_leg_stance] [--at-s 1.0] [--seconds 20] [--grey-levels 3]

One picture of the clip is repeated at 25 pictures a second. Each copy gets fresh Gaussian noise, as of a camera, whose standard
deviation is ``--grey-levels`` of 255. The sway of that still body is measured without MediaPipe's smoothing, as sway needs it, and
with it. Noise 0 shows the sway that the model itself adds. Prints the Markdown table of RESULTS.md.
"""

from __future__ import annotations

import argparse

import numpy as np

from formcheck.engine.signals.sway import Sway, sway
from formcheck.files.samples import every_sample
from formcheck.model.frames import Frame, Pose
from formcheck.pose.mediapipe_tasks import MediaPipeEstimator
from formcheck.video.files import read_frames

FPS = 25.0
LEG_MM = 840.0
"""Length from hip to ankle of a person of 1.72 m: 0.49 of the height (Winter, after Drillis and Contini 1966)."""


def still_sway(rgb: np.ndarray, seconds: float, grey_levels: float, model: str, smoothing: bool) -> Sway:
    """Return the sway of one picture repeated for ``seconds`` with noise of ``grey_levels`` (standard deviation, of 255)."""
    rng = np.random.default_rng(0)
    poses: list[Pose] = []
    with MediaPipeEstimator(model, smoothing=smoothing) as estimator:
        for i in range(round(seconds * FPS) + 1):
            noisy = rgb + rng.normal(0, grey_levels, rgb.shape) if grey_levels else rgb
            poses.append(estimator.estimate(Frame(i / FPS, np.clip(noisy, 0, 255).astype(np.uint8))))
    return sway(
        np.array([pose.t_s for pose in poses]), np.array([pose.image_px for pose in poses]), least_s=seconds - 0.5
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clip", default="single_leg_stance")
    parser.add_argument("--at-s", type=float, default=1.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--grey-levels", type=float, default=3.0)
    parser.add_argument("--model", choices=("lite", "full"), default="full")
    args = parser.parse_args()
    path = next(sample.path for sample in every_sample() if sample.name == args.clip)
    rgb = next(frame.rgb for frame in read_frames(path, args.at_s))
    print(
        "\n| noise (grey levels) | smoothing | speed (legs/s) | speed (mm/s) | RMS sideways (legs) | RMS sideways (mm) |"
    )
    print("|---|---|---|---|---|---|")
    for grey_levels in (0.0, args.grey_levels):
        for smoothing in (False, True):
            found = still_sway(rgb, args.seconds, grey_levels, args.model, smoothing)
            print(
                f"| {grey_levels:g} | {'on' if smoothing else 'off'} | {found.path_legs_per_s:.5f} | "
                f"{found.path_legs_per_s * LEG_MM:.2f} | {found.rms_sideways_legs:.5f} | {found.rms_sideways_legs * LEG_MM:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
