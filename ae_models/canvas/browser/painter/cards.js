/** The cards: a heading, a place for the map, captions; and what stands there while there is no map. */
import { axisCaption, element, write } from "../shared/text.js"

/** @import {Place} from "../shared/browsertypes.js" */
/** @import {MapPanel} from "../shared/types.js" */
/** @typedef {"loading" | "ready" | "empty" | "error"} State */

const SAYS = {
  loading: "Drawing the map …",
  ready: "",
  error: "The map could not be loaded. Reload the page.",
}

let count = 0

export class Card {
  /**
   * @param {object} on
   * @param {() => void} on.again the button of the error state
   * @param {(key: string) => void} on.choose another map is to stand here
   */
  constructor(on) {
    this.root = element("section", "ll-card")
    this.title = element("h3", "ll-title")
    this.note = element("span", "ll-note")
    this.area = element("div", "ll-area")
    this.area.setAttribute("role", "application")
    this.keys = element("p", "ll-keys")
    this.keys.id = `ll-keys-${++count}`
    this.area.setAttribute("aria-describedby", this.keys.id)
    this.message = element("div", "ll-message")
    this.words = element("p", "ll-message-words")
    this.again = /** @type {HTMLButtonElement} */ (element("button", "ll-again", "Try again"))
    this.again.type = "button"
    this.again.addEventListener("click", () => on.again())
    this.choice = /** @type {HTMLSelectElement} */ (element("select", "ll-choice"))
    this.choice.setAttribute("aria-label", "Which map stands here")
    this.choice.title = "Put another map here"
    this.choice.hidden = true
    this.choice.addEventListener("change", () => on.choose(this.choice.value))
    this.choices = ""
    this.message.append(this.words, this.again)
    this.left = element("span", "ll-caption")
    this.right = element("span", "ll-caption ll-caption-right")
    const head = element("header", "ll-head")
    const foot = element("footer", "ll-foot")
    head.append(this.title, this.choice, this.note)
    foot.append(this.left, this.right)
    this.area.append(this.message, this.keys)
    for (const name of ["keydown", "blur"]) this.area.addEventListener(name, () => delete this.area.dataset.clicked)
    this.root.append(head, this.area, foot)
  }

  /** @type {MapPanel | undefined} */
  panel

  /**
   * @param {MapPanel} panel
   * @param {string} pin how the pinned image is named here, or ""
   * @param {string} keys what the keyboard does here
   */
  write(panel, pin, keys) {
    this.panel = panel
    write(this.title, panel.title)
    this.#offer(panel)
    write(this.note, panel.note)
    write(this.left, panel.axes.length ? axisCaption(panel.axes) : panel.foot)
    write(this.right, [panel.corner, panel.points_url && pin].filter(Boolean).join(" · "))
    write(this.keys, keys)
    this.root.setAttribute("aria-label", `${panel.title}, ${panel.note}`)
    this.area.setAttribute("aria-label", `Map: ${panel.title}`)
  }

  /** @param {MapPanel} panel */
  #offer({ choices, chosen }) {
    this.choice.hidden = !choices.length
    const key = JSON.stringify(choices)
    if (key !== this.choices) this.choice.replaceChildren(...choices.map(([value, title]) => new Option(title, value)))
    this.choices = key
    this.choice.value = chosen
  }

  /** As a click gives it: without the ring and the words that whoever came by keyboard needs. */
  focus() {
    this.area.dataset.clicked = "true"
    this.area.focus({ preventScroll: true })
  }

  /** @param {State} state */
  show(state) {
    this.root.dataset.state = state
    if (state === "ready") this.area.tabIndex = 0
    else this.area.removeAttribute("tabindex")
    this.message.setAttribute("role", state === "error" ? "alert" : "status")
    this.again.hidden = state !== "error"
    if (state === "empty") this.words.replaceChildren(...withCode(this.panel?.empty ?? ""))
    else write(this.words, SAYS[state])
  }

  /**
   * Where the map goes.
   * @param {DOMRect} frame of the grid of cards
   * @returns {Place}
   */
  place(frame) {
    const area = this.area.getBoundingClientRect()
    return { left: area.left - frame.left, top: area.top - frame.top, width: area.width, height: area.height }
  }
}

/**
 * A sentence whose commands are set as code: what stands between backticks, or after "Make one with:".
 * @param {string} text
 */
function withCode(text) {
  const marked = text.includes("`") ? text : text.replace(/: (python .*)$/s, ": `$1`")
  return marked.split("`").map((part, i) => (i % 2 ? element("code", "ll-code", part) : document.createTextNode(part)))
}
