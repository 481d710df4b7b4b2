/** The desk: the sheet with its tools. */
import { centred } from "./centring.js"
import { Sheet } from "./sheet.js"
import { element } from "../shared/text.js"

/** @import {DrawPayload} from "../shared/types.js" */

export class Desk {
  /**
   * @param {object} on
   * @param {() => void} on.drawn there is another drawing
   * @param {() => void} on.lifted it is finished, for now
   * @param {() => void} on.trail the trail was switched
   * @param {() => void} on.use it shall be kept for Walk
   */
  constructor(on) {
    this.on = on
    this.sheet = new Sheet(on)
    /** @type {Float32Array | null} a file in place of strokes */
    this.picture = null
    this.root = element("section", "ll-desk")
    this.hint = element("p", "ll-desk-hint", "Draw here")
    const paper = element("div", "ll-desk-paper")
    paper.append(this.sheet.canvas, this.hint)
    this.undo = button("Undo", () => this.takeBack())
    this.clear = button("Clear", () => this.wipe())
    this.trail = button("Trail", () => {
      this.trail.setAttribute("aria-pressed", String(!this.trails))
      on.trail()
    })
    this.trail.setAttribute("aria-pressed", "true")
    this.use = button("Take it to Walk", on.use)
    const thickness = /** @type {HTMLInputElement} */ (element("input", "ll-range"))
    Object.assign(thickness, { type: "range", min: "0.03", max: "0.18", step: "0.005", value: String(this.sheet.width) })
    thickness.setAttribute("aria-label", "Thickness")
    thickness.addEventListener("input", () => (this.sheet.width = Number(thickness.value)))
    const label = element("label", "ll-desk-thick", "Thickness")
    label.append(thickness)
    this.ink = /** @type {HTMLInputElement} */ (element("input", "ll-desk-colour"))
    Object.assign(this.ink, { type: "color", value: "#d04020" })
    this.ink.setAttribute("aria-label", "Colour of the ink")
    this.ink.addEventListener("input", on.drawn)
    const [tools, more] = [element("div", "ll-desk-tools"), element("div", "ll-desk-tools")]
    tools.append(this.undo, this.clear, this.trail, this.ink)
    more.append(label)
    this.root.append(paper, tools, more, this.use)
  }

  /** Whether places are joined by a trail. */
  get trails() {
    return this.trail.getAttribute("aria-pressed") === "true"
  }

  get blank() {
    return !this.sheet.strokes.length && !this.picture
  }

  /** The drawing as the image that an encoder takes, or null where there is none. @param {DrawPayload} data */
  image({ shape: [channels, height, width], box }) {
    if (this.picture?.length === channels * height * width) return this.picture
    const { sheet } = this
    if (!sheet.strokes.length) return null
    const ink = centred(sheet.read(), [sheet.side, sheet.side], [height, width], box)
    if (!ink || channels === 1) return ink
    const colour = [1, 3, 5].map((at) => parseInt(this.ink.value.slice(at, at + 2), 16) / 255)
    return Float32Array.from({ length: 3 * ink.length }, (_, i) => colour[Math.floor(i / ink.length)] * ink[i % ink.length])
  }

  /** A file takes the place of the strokes, or (null) leaves it. @param {number[] | null} bytes */
  lay(bytes) {
    this.picture = bytes && Float32Array.from(bytes, (value) => value / 255)
    if (bytes) this.sheet.strokes = []
    this.sheet.redraw()
  }

  /** Say what can be done now. @param {boolean} colours */
  offer(colours) {
    this.ink.hidden = !colours
    this.hint.hidden = !this.blank
    for (const one of [this.undo, this.clear, this.use]) one.disabled = this.blank
    this.hint.textContent = "Draw here"
  }

  takeBack() {
    if (this.picture) return this.wipe()
    this.sheet.undo()
    this.on.lifted()
  }

  wipe() {
    this.picture = null
    this.sheet.clear()
    this.on.lifted()
  }
}

/** @param {string} words @param {() => void} act */
function button(words, act) {
  const made = /** @type {HTMLButtonElement} */ (element("button", "ll-button", words))
  made.type = "button"
  made.addEventListener("click", act)
  return made
}
