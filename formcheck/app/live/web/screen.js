// What the person sees. Draws what the server says (``hud``) and tells which button was pressed; decides nothing.

const SET_STAGES = ["set", "paused"];
const MARKS = { ok: "✓", wait: "○", bad: "!", unknown: "–" };
const FILM_STAGES = ["setup", "ready", "rest"];
const MAIN_BUTTONS = ["start", "anyway", "resume", "skip_rest"];
const RING = 2 * Math.PI * 54;

const FRAME = `
<div class="stage" data-stage="begin" role="group">
  <div class="picture"><video playsinline muted></video><canvas></canvas></div>
  <div class="score" hidden>
    <div class="count" aria-hidden="true"></div>
    <div class="of"></div>
    <div class="form"></div>
    <div class="small"></div>
    <div class="gauge" hidden><span class="track"><i class="band"></i><i class="depth"></i></span><b></b></div>
  </div>
  <div class="countin" hidden aria-hidden="true"></div>
  <section class="panel" hidden>
    <svg class="ring" viewBox="0 0 120 120" hidden aria-hidden="true"><circle cx="60" cy="60" r="54"/><circle class="left" cx="60" cy="60" r="54"/></svg>
    <h2></h2><p class="text"></p><ul class="lights"></ul><p class="more"></p><div class="choices"></div>
  </section>
  <p class="cue" aria-live="assertive"></p>
  <p class="banner" role="status" hidden></p>
  <footer><p class="quiet"></p><div class="buttons"></div></footer>
  <dialog class="stop"><h2></h2><div class="flags"></div><div class="choices"></div></dialog>
</div>`;

export class Screen {
  // press(name): a button of the server's; stop(reason): the Stop dialog's end, reason null = go on.
  constructor(root, texts, { press, stop }) {
    root.innerHTML = FRAME;
    this.texts = texts;
    this.on = { press, stop };
    this.at = (selector) => root.querySelector(selector);
    this.stage = this.at(".stage");
    this.video = this.at("video");
    this.canvas = this.at("canvas");
    this.shownButtons = "";
    this.shownLights = "";
    this.held = false; // a panel of the page's own is shown
    this.film = null; // whether the next set is filmed, null where none can be
    this.#buildStop();
    this.stage.setAttribute("aria-label", texts.label);
  }

  text(key, values = {}) {
    const text = this.texts[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  // True while a question waits for its answer: then keys belong to it.
  get busy() {
    return this.held || this.at("dialog.stop").open;
  }

  set mirrored(yes) {
    this.at(".picture").classList.toggle("mirrored", yes);
  }

  // A panel of the page's own, over everything, with its own buttons: [[name, call, main?]].
  ask(title, text, choices, more = "") {
    this.held = true;
    this.#panel(title, text, more);
    this.at(".panel").classList.add("own");
    this.at(".panel .choices").replaceChildren(...choices.map(([key, call, main]) => this.#button(this.text(key), call, main)));
    this.#lights([]);
    this.at(".panel .choices button")?.focus({ preventScroll: true });
  }

  unask() {
    this.held = false;
    this.at(".panel").classList.remove("own");
    this.at(".panel").hidden = true;
    this.at(".panel .choices").replaceChildren();
  }

  banner(text) {
    const banner = this.at(".banner");
    banner.hidden = !text;
    banner.textContent = text ?? "";
  }

  render(hud) {
    const { stage } = hud;
    this.stage.dataset.stage = stage;
    this.stage.classList.toggle("sound-only", Boolean(hud.sound_only));
    this.#score(hud);
    const countin = this.at(".countin");
    countin.hidden = stage !== "countin";
    countin.textContent = stage === "countin" ? hud.countin : "";
    if (!this.held) this.#stagePanel(hud);
    const cue = stage === "set" ? hud.cue ?? hud.praise ?? "" : stage === "setup" || stage === "ready" ? hud.advice ?? "" : "";
    this.#write(".cue", cue);
    this.at(".cue").classList.toggle("praise", stage === "set" && !hud.cue && Boolean(hud.praise));
    this.#buttons(hud);
  }

  quiet(parts) {
    this.#write(".quiet", parts.filter(Boolean).join(" · "));
  }

  openStop() {
    const dialog = this.at("dialog.stop");
    if (!dialog.open) dialog.showModal();
  }

  #score(hud) {
    const shown = SET_STAGES.includes(hud.stage);
    this.at(".score").hidden = !shown;
    if (!shown) return;
    const hold = hud.kind === "hold";
    this.#write(".count", hold ? Math.floor(hud.hold_s) : hud.count);
    const target = hold ? hud.target_s : hud.target;
    const left = hud.left_s !== null && hud.left_s !== undefined ? this.text("left", { n: hud.left_s }) : "";
    this.#write(".of", target ? this.text(hold ? "of_seconds" : "of", { n: target }) : hold ? this.text("seconds") : left);
    const broken = hold && hud.holding && !hud.in_form;
    this.#write(".form", hold && hud.in_form_s !== null ? this.text(broken ? "form_stopped" : "in_form", { n: Math.floor(hud.in_form_s) }) : "");
    this.at(".form").classList.toggle("broken", broken);
    this.#write(".small", hud.small ? this.text("small", { n: hud.small }) : "");
    const gauge = this.at(".gauge");
    gauge.hidden = !hud.gauge;
    if (!hud.gauge) return;
    const { depth, band } = hud.gauge;
    this.at(".depth").style.height = `${100 * (depth ?? 0)}%`;
    this.at(".band").hidden = !band;
    if (band) Object.assign(this.at(".band").style, { top: `${100 * band[0]}%`, height: `${100 * (band[1] - band[0])}%` });
    const inside = band && depth !== null && depth >= band[0] && depth <= band[1];
    gauge.classList.toggle("reached", Boolean(inside));
    this.#write(".gauge b", this.text(inside ? "gauge_reached" : "gauge"));
  }

  #stagePanel(hud) {
    const { stage } = hud;
    this.at(".ring").toggleAttribute("hidden", stage !== "rest");
    if (stage === "setup" || stage === "ready") {
      this.#panel(this.#setName(hud), hud.how ?? "", hud.not_assessed ?? "");
      this.#lights(hud.lights ?? []);
    } else if (stage === "paused") {
      const title = this.text(hud.ask_all_right ? "paused_all_right" : "paused");
      const flags = hud.ask_all_right ? this.#flags().join(" ") : "";
      this.#panel(title, this.text(`paused_${hud.paused_why}`), flags);
    } else if (stage === "rest") {
      this.#panel(this.text("rest", { n: Math.ceil(hud.rest_left_s) }), hud.next ?? "", this.#summary(hud));
      this.at(".ring .left").style.strokeDashoffset = RING * (1 - (hud.rest_s ? hud.rest_left_s / hud.rest_s : 0));
      this.at(".ring .left").style.strokeDasharray = RING;
    } else if (stage === "done") {
      this.#panel(this.text("done"), this.#summary(hud), "");
    } else if (stage === "stopped") {
      this.#panel(this.text("stopped"), this.#summary(hud), this.#flags().join(" "));
    } else {
      this.at(".panel").hidden = true;
    }
    if (stage !== "setup" && stage !== "ready") this.#lights([]);
  }

  #setName(hud) {
    return hud.of > 1 ? this.text("set_name", { name: hud.exercise_name, set: hud.set, of: hud.of }) : hud.exercise_name;
  }

  #summary(hud) {
    return hud.deleted ? this.text("deleted") : hud.summary ?? "";
  }

  #flags() {
    return ["stop.emergency", "stop.doctor", "stop.physio"].map((key) => this.text(key));
  }

  #panel(title, text, more) {
    this.at(".panel").hidden = false;
    this.#write(".panel h2", title);
    this.#write(".panel .text", text);
    this.#write(".panel .more", more);
  }

  #lights(lights) {
    const wanted = JSON.stringify(lights);
    if (wanted === this.shownLights) return;
    this.shownLights = wanted;
    this.at(".lights").replaceChildren(...lights.map(({ state, name }) => {
      const item = document.createElement("li");
      item.className = state;
      item.innerHTML = `<b aria-hidden="true">${MARKS[state]}</b> <span></span> <span class="state"></span>`;
      item.children[1].textContent = name;
      item.children[2].textContent = this.text(`light.${state}`);
      return item;
    }));
  }

  #buttons(hud) {
    const over = hud.stage === "done" || hud.stage === "stopped";
    const film = this.film !== null && FILM_STAGES.includes(hud.stage) ? ["film"] : [];
    const names = this.held ? [] : [...hud.buttons.filter((name) => name !== "end" || !over), ...film, ...(over ? ["go_on"] : ["stop"])];
    const wanted = `${names.join()} ${this.film}`;
    if (wanted === this.shownButtons) return;
    this.shownButtons = wanted;
    this.at(".buttons").replaceChildren(...names.map((name) => {
      const button = this.#button(this.text(`button.${name}`), () => this.on.press(name), MAIN_BUTTONS.includes(name) || name === "go_on");
      button.dataset.name = name;
      if (name === "film") {
        button.textContent = this.text(this.film ? "button.film_on" : "button.film");
        button.setAttribute("aria-pressed", this.film);
      }
      return button;
    }));
  }

  #buildStop() {
    const dialog = this.at("dialog.stop");
    dialog.querySelector("h2").textContent = this.text("stop.title");
    dialog.querySelector(".flags").replaceChildren(...this.#flags().map((line) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = line;
      return paragraph;
    }));
    const end = (reason) => { dialog.close(); this.on.stop(reason); };
    const reasons = ["pain", "unwell", "joint", "other"].map((key) => {
      const reason = this.text(`stop.reason.${key}`);
      return this.#button(reason, () => end(key), true);
    });
    dialog.querySelector(".choices").replaceChildren(...reasons, this.#button(this.text("stop.go_on"), () => end(null)));
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); end(null); });
  }

  #button(text, call, main = false) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.classList.toggle("main", main);
    button.addEventListener("click", call);
    return button;
  }

  #write(selector, text) {
    const element = this.at(selector);
    const wanted = String(text);
    if (element.textContent !== wanted) element.textContent = wanted;
    element.classList.toggle("empty", wanted === "");
  }
}
