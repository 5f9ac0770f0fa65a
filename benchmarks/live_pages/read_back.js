// The counter in a shown picture, read back and compared with when the camera gave that counter. Evaluated in the page of
// streamlit-webrtc; leaves window.measured = { ages_ms, drawn }.
(bits) => {
  const SETTLED_S = 4; // opening the camera a second time in its first seconds stops the film
  const [width, height] = [320, 240];
  const brush = () => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    return canvas.getContext("2d", { willReadFrequently: true });
  };
  const read = (video, onto) => {
    onto.drawImage(video, 0, 0, width, height);
    let n = 0;
    for (let bit = 0; bit < bits; bit++) {
      const [r, g, b] = onto.getImageData(Math.floor(((bit + 0.5) * width) / bits), 8, 1, 1).data;
      n = 2 * n + (r + g + b > 384 ? 1 : 0);
    }
    return n;
  };
  const shown = [...document.querySelectorAll("video")].find((video) => video.currentTime > SETTLED_S);
  if (!shown) return false;
  const taken = new Map();
  const measured = { ages_ms: [], drawn: 0 };
  window.measured = measured;
  const own = document.createElement("video");
  own.muted = true;
  own.style.cssText = "position: fixed; width: 4px; height: 4px"; // a film that is not in the page shows no pictures
  document.body.append(own);
  navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480, frameRate: 30 } }).then((stream) => {
    own.srcObject = stream;
    return own.play();
  });
  const ownBrush = brush();
  const shownBrush = brush();
  const camera = (now, about) => {
    taken.set(read(own, ownBrush), about.captureTime ?? now);
    own.requestVideoFrameCallback(camera);
  };
  let last = -1;
  const screen = (now) => {
    const n = read(shown, shownBrush);
    if (n !== last && taken.has(n)) {
      measured.ages_ms.push(now - taken.get(n));
      measured.drawn++;
    }
    last = n;
    shown.requestVideoFrameCallback(screen);
  };
  own.requestVideoFrameCallback(camera);
  shown.requestVideoFrameCallback(screen);
  return true;
}
