/** A row of the real images nearest to the point, and the switch that says what "nearest" means. */
import { Frame } from "../decode/frame.js"
import { element, write } from "../shared/text.js"
import { say } from "../shared/sentences.js"

/** @import {Found, DecodeContext, Near, Shape} from "../shared/browsertypes.js" */

const N = 8
const WAYS = { codes: "by code", pixels: "by {picture}" }

export class Neighbours {
  /** @param {(near: Near) => void} chosen */
  constructor(chosen) {
    this.root = element("section", "ll-neighbours")
    const head = element("div", "ll-tray-head")
    this.title = element("h3", "ll-tray-title", say("Real {samples} nearest to this point"))
    this.ways = element("div", "ll-ways")
    this.ways.setAttribute("role", "group")
    this.ways.setAttribute("aria-label", "What nearest means")
    this.buttons = Object.entries(WAYS).map(([way, text]) => {
      const button = /** @type {HTMLButtonElement} */ (element("button", "ll-button", say(text)))
      button.type = "button"
      button.dataset.way = way
      button.addEventListener("click", () => chosen(/** @type {any} */ (way)))
      return button
    })
    this.ways.title = say("By code: small distance between codes. By {picture}: few {parts} differ from what is drawn.")
    this.ways.append(...this.buttons)
    head.append(this.title, this.ways)
    this.row = element("div", "ll-small-row")
    this.frames = Array.from({ length: N }, () => new Frame())
    this.row.append(...this.frames.map(({ root }) => root))
    this.root.append(head, this.row)
  }

  /** @param {Near} way */
  set(way) {
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset.way === way))
  }

  /** Pictures drawn from the spread of a code. @param {{images: Float32Array, shape: Shape}} drawn @param {DecodeContext} ground */
  samples({ images, shape }, { dark }) {
    write(this.title, "Drawn from the spread of the pinned code")
    this.ways.style.visibility = "hidden"
    const size = shape[0] * shape[1] * shape[2]
    this.frames.forEach((frame, place) => {
      frame.root.style.visibility = ""
      frame.paint(images, place * size, shape, 1, dark)
      frame.say({ title: `sample ${place + 1}`, note: "", tip: "" })
    })
  }

  /**
   * @param {Found} found
   * @param {DecodeContext} ground
   */
  show({ rows, distances }, { plain, dark, name }) {
    write(this.title, say("Real {samples} nearest to this point"))
    this.ways.style.visibility = ""
    const size = plain.shape[0] * plain.shape[1] * plain.shape[2]
    this.frames.forEach((frame, place) => {
      const row = rows[place]
      frame.root.style.visibility = row === undefined ? "hidden" : ""
      if (row === undefined) return
      frame.paint(plain.bytes, row * size, plain.shape, plain.levels, dark)
      frame.say({ title: name(row), note: `${distances[place].toFixed(2)} away`, tip: "" })
    })
  }
}
