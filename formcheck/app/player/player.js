// Called again with new data on every rerun; the element stays, so a repeated seek_id does nothing.
export default function ({ data, parentElement }) {
  const video = parentElement.querySelector("video");
  const alert = parentElement.querySelector("p");
  video.setAttribute("aria-label", data.label);
  alert.textContent = data.unplayable;
  video.onerror = () => { alert.hidden = false; };
  if (video.dataset.url !== data.url) {
    video.dataset.url = data.url;
    alert.hidden = true;
    video.src = data.url;
  }
  if (data.seek_s !== null && video.dataset.seekId !== String(data.seek_id)) {
    video.dataset.seekId = String(data.seek_id);
    const go = () => {
      video.pause();
      video.currentTime = data.seek_s;
    };
    if (video.readyState >= HTMLMediaElement.HAVE_METADATA) go();
    else video.addEventListener("loadedmetadata", go, { once: true });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    video.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  }
  return () => {
    video.pause();
    video.removeAttribute("src");
    video.load();
  };
}
