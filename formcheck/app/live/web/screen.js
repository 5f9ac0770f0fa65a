// What the person sees. The screen draws what the server says (``hud``) and tells which button was pressed. It decides nothing.

import { find } from "./dom.js";
import { over, settingUp } from "./stages.js";

/** @typedef {import("./protocol.js").ButtonName} ButtonName */
/** @typedef {import("./protocol.js").Hud} Hud */
/** @typedef {import("./protocol.js").Light} Light */
/** @typedef {import("./protocol.js").Values} Values */
/** @typedef {[key: string, call: () => void, main?: boolean]} Choice a button of the page's own, by the key of its text */

const MARKS = { ok: "✓", wait: "○", bad: "!", unknown: "–" };
const MAIN_BUTTONS = ["start", "anyway", "resume", "skip_rest", "go_on"];
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
  /**
   * @param {HTMLElement} root
   * @param {Record<string, string>} texts
   * @param {object} on
   * @param {(name: ButtonName) => void} on.press a button was pressed
   * @param {(reason: string | null) => void} on.stop the Stop dialog was answered; null = go on
   */
  constructor(root, texts, on) {
    root.innerHTML = FRAME;
    this.root = root;
    this.texts = texts;
    this.on = on;
    this.stage = this.#at(".stage");
    this.video = find(root, "video", HTMLVideoElement);
    this.canvas = find(root, "canvas", HTMLCanvasElement);
    this.dialog = find(root, "dialog.stop", HTMLDialogElement);
    this.shownButtons = "";
    this.shownLights = "";
    this.held = false; // true while a panel of the page's own is shown
    /**
     * Whether the next set is filmed, null where none can be.
     *
     * @type {boolean | null}
     */
    this.film = null;
    this.#buildStop();
    this.stage.setAttribute("aria-label", texts.label);
  }

  /**
   * Return a text in the person's language.
   *
   * @param {string} key
   * @param {Values} values
   */
  text(key, values = {}) {
    const text = this.texts[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
  }

  /** True while a question waits for its answer: then keys belong to it. */
  get busy() {
    return this.held || this.dialog.open;
  }

  /** @param {boolean} yes */
  set mirrored(yes) {
    this.#at(".picture").classList.toggle("mirrored", yes);
  }

  /**
   * Show a panel of the page's own over everything, with its own buttons.
   *
   * @param {string} title
   * @param {string} text
   * @param {Choice[]} choices
   * @param {string} more
   */
  ask(title, text, choices, more = "") {
    this.held = true;
    this.#panel(title, text, more);
    this.#at(".panel").classList.add("own");
    this.#at(".panel .choices").replaceChildren(...choices.map(([key, call, main]) => this.#button(this.text(key), call, main)));
    this.#lights([]);
    /** @type {HTMLButtonElement | null} */
    const first = this.root.querySelector(".panel .choices button");
    first?.focus({ preventScroll: true });
  }

  unask() {
    this.held = false;
    this.#at(".panel").classList.remove("own");
    this.#at(".panel").hidden = true;
    this.#at(".panel .choices").replaceChildren();
  }

  /** @param {string | null} text */
  banner(text) {
    const banner = this.#at(".banner");
    banner.hidden = !text;
    banner.textContent = text ?? "";
  }

  /** @param {Hud} hud */
  render(hud) {
    const { stage } = hud;
    this.stage.dataset.stage = stage;
    this.stage.classList.toggle("sound-only", Boolean(hud.sound_only));
    this.#score(hud);
    const countin = this.#at(".countin");
    countin.hidden = stage !== "countin";
    countin.textContent = stage === "countin" ? String(hud.countin) : "";
    if (!this.held) this.#stagePanel(hud);
    const cue = stage === "set" ? hud.cue ?? hud.praise : settingUp(stage) ? hud.advice : null;
    this.#write(".cue", cue ?? "");
    this.#at(".cue").classList.toggle("praise", stage === "set" && !hud.cue && Boolean(hud.praise));
    this.#buttons(hud);
  }

  /** @param {(string | null | undefined)[]} parts of the line at the bottom */
  quiet(parts) {
    this.#write(".quiet", parts.filter(Boolean).join(" · "));
  }

  openStop() {
    if (!this.dialog.open) this.dialog.showModal();
  }

  /** @param {Hud} hud */
  #score(hud) {
    const shown = hud.stage === "set" || hud.stage === "paused";
    this.#at(".score").hidden = !shown;
    if (!shown) return;
    const hold = hud.kind === "hold";
    this.#write(".count", hold ? Math.floor(hud.hold_s) : hud.count);
    const target = hold ? hud.target_s : hud.target;
    const left = hud.left_s === null ? "" : this.text("left", { n: hud.left_s });
    this.#write(".of", target ? this.text(hold ? "of_seconds" : "of", { n: target }) : hold ? this.text("seconds") : left);
    const broken = hold && hud.holding && !hud.in_form;
    const inForm_s = hold ? hud.in_form_s : null;
    this.#write(".form", inForm_s === null ? "" : this.text(broken ? "form_stopped" : "in_form", { n: Math.floor(inForm_s) }));
    this.#at(".form").classList.toggle("broken", broken);
    this.#write(".small", hud.small ? this.text("small", { n: hud.small }) : "");
    this.#gauge(hud.gauge);
  }

  /** @param {import("./protocol.js").Gauge | null} shown */
  #gauge(shown) {
    const gauge = this.#at(".gauge");
    gauge.hidden = !shown;
    if (!shown) return;
    const { depth, band } = shown;
    this.#at(".depth").style.height = `${100 * (depth ?? 0)}%`;
    this.#at(".band").hidden = !band;
    if (band) Object.assign(this.#at(".band").style, { top: `${100 * band[0]}%`, height: `${100 * (band[1] - band[0])}%` });
    const inside = band !== null && depth !== null && depth >= band[0] && depth <= band[1];
    gauge.classList.toggle("reached", inside);
    this.#write(".gauge b", this.text(inside ? "gauge_reached" : "gauge"));
  }

  /** @param {Hud} hud */
  #stagePanel(hud) {
    const { stage } = hud;
    find(this.root, ".ring", SVGElement).toggleAttribute("hidden", stage !== "rest");
    if (settingUp(stage)) {
      this.#panel(this.#setName(hud), hud.how ?? "", hud.not_assessed ?? "");
    } else if (stage === "paused") {
      const title = this.text(hud.ask_all_right ? "paused_all_right" : "paused");
      const flags = hud.ask_all_right ? this.#flags().join(" ") : "";
      this.#panel(title, this.text(`paused_${hud.paused_why}`), flags);
    } else if (stage === "rest") {
      this.#panel(this.text("rest", { n: Math.ceil(hud.rest_left_s) }), hud.next, this.#summary(hud));
      const { style } = find(this.root, ".ring .left", SVGElement);
      style.strokeDashoffset = String(RING * (1 - (hud.rest_s ? hud.rest_left_s / hud.rest_s : 0)));
      style.strokeDasharray = String(RING);
    } else if (stage === "done") {
      this.#panel(this.text("done"), this.#summary(hud), "");
    } else if (stage === "stopped") {
      this.#panel(this.text("stopped"), this.#summary(hud), this.#flags().join(" "));
    } else {
      this.#at(".panel").hidden = true;
    }
    this.#lights(settingUp(stage) ? hud.lights ?? [] : []);
  }

  /** @param {Hud} hud */
  #setName(hud) {
    return hud.of > 1 ? this.text("set_name", { name: hud.exercise_name, set: hud.set, of: hud.of }) : hud.exercise_name;
  }

  /** @param {Hud} hud */
  #summary(hud) {
    return hud.deleted ? this.text("deleted") : hud.summary ?? "";
  }

  #flags() {
    return ["stop.emergency", "stop.doctor", "stop.physio"].map((key) => this.text(key));
  }

  /**
   * @param {string} title
   * @param {string} text
   * @param {string} more
   */
  #panel(title, text, more) {
    this.#at(".panel").hidden = false;
    this.#write(".panel h2", title);
    this.#write(".panel .text", text);
    this.#write(".panel .more", more);
  }

  /** @param {Light[]} lights */
  #lights(lights) {
    const wanted = JSON.stringify(lights);
    if (wanted === this.shownLights) return;
    this.shownLights = wanted;
    this.#at(".lights").replaceChildren(...lights.map(({ state, name }) => {
      const item = document.createElement("li");
      item.className = state;
      item.innerHTML = `<b aria-hidden="true">${MARKS[state]}</b> <span></span> <span class="state"></span>`;
      item.children[1].textContent = name;
      item.children[2].textContent = this.text(`light.${state}`);
      return item;
    }));
  }

  /** @param {Hud} hud */
  #buttons(hud) {
    const names = this.held ? [] : this.#buttonNames(hud);
    const wanted = `${names.join()} ${this.film}`;
    if (wanted === this.shownButtons) return;
    this.shownButtons = wanted;
    this.#at(".buttons").replaceChildren(...names.map((name) => {
      const button = this.#button(this.text(`button.${name}`), () => this.on.press(name), MAIN_BUTTONS.includes(name));
      button.dataset.name = name;
      if (name === "film") {
        button.textContent = this.text(this.film ? "button.film_on" : "button.film");
        button.setAttribute("aria-pressed", String(this.film));
      }
      return button;
    }));
  }

  /**
   * @param {Hud} hud
   * @returns {ButtonName[]}
   */
  #buttonNames(hud) {
    const ended = over(hud.stage);
    /** @type {ButtonName[]} */
    const names = hud.buttons.filter((name) => name !== "end" || !ended);
    if (this.film !== null && (settingUp(hud.stage) || hud.stage === "rest")) names.push("film");
    names.push(ended ? "go_on" : "stop");
    return names;
  }

  #buildStop() {
    const { dialog } = this;
    this.#write("dialog.stop h2", this.text("stop.title"));
    this.#at("dialog.stop .flags").replaceChildren(...this.#flags().map((line) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = line;
      return paragraph;
    }));
    /** @param {string | null} reason */
    const end = (reason) => { dialog.close(); this.on.stop(reason); };
    const reasons = ["pain", "unwell", "joint", "other"].map((key) => {
      const reason = this.text(`stop.reason.${key}`);
      return this.#button(reason, () => end(key), true);
    });
    this.#at("dialog.stop .choices").replaceChildren(...reasons, this.#button(this.text("stop.go_on"), () => end(null)));
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); end(null); });
  }

  /**
   * @param {string} text
   * @param {() => void} call
   * @param {boolean} main
   */
  #button(text, call, main = false) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.classList.toggle("main", main);
    button.addEventListener("click", call);
    return button;
  }

  /** @param {string} selector */
  #at(selector) {
    return find(this.root, selector, HTMLElement);
  }

  /**
   * @param {string} selector
   * @param {string | number} text
   */
  #write(selector, text) {
    const element = this.#at(selector);
    const wanted = String(text);
    if (element.textContent !== wanted) element.textContent = wanted;
    element.classList.toggle("empty", wanted === "");
  }
}
