/** A row of small pictures as a Streamlit component: pixels drawn square, a title and a number beside each. */
import { Frame } from "../decode/frame.js"
import { readTheme } from "./theme.js"
import { element, write } from "./text.js"

/** @import {Shape} from "./browsertypes.js" */

/**
 * @typedef {object} Item
 * @property {string} title
 * @property {string} note
 * @property {Shape | null} shape
 * @property {string} pixels base64 of uint8, channel after channel, row after row
 * @property {string} tip
 * @property {"" | "good" | "warn"} mark
 */

/**
 * @typedef {object} Data
 * @property {Item[]} items
 * @property {"" | "before" | "after"} arrow
 * @property {{text: string, mark: string} | null} badge
 * @property {number} size
 */

/** @type {WeakMap<Element, Row>} */
const rows = new WeakMap()

/**
 * @param {object} component what Streamlit hands over
 * @param {HTMLElement} component.parentElement
 * @param {Data} component.data
 */
export function mount({ parentElement, data }) {
  const row = rows.get(parentElement) ?? new Row(parentElement)
  rows.set(parentElement, row)
  row.turn += 1
  row.update(data)
  const { turn } = row
  return () => {
    if (row.turn !== turn) return // see canvas.js
    rows.delete(parentElement)
    row.root.remove()
  }
}

class Row {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.turn = 0
    /** @type {Frame[]} */
    this.frames = []
    this.root = element("div", "ll-pictures")
    this.line = element("div", "ll-row")
    this.arrow = element("span", "ll-arrow", "→")
    this.arrow.setAttribute("aria-hidden", "true")
    this.badge = element("span", "ll-badge")
    this.root.append(this.line) // the badge follows the line, or goes under it where it is narrow
    parent.append(this.root)
    parent.querySelector(".ll-hold-pictures")?.remove()
  }

  /** @param {Data} data */
  update({ items, arrow, badge, size }) {
    while (this.frames.length > items.length) this.frames.pop()?.root.remove()
    while (this.frames.length < items.length) {
      const frame = new Frame()
      this.frames.push(frame)
      this.line.append(frame.root)
    }
    this.root.style.setProperty("--size", `${size}px`)
    this.line.dataset.count = String(items.length)
    this.root.dataset.small = String(size < 72)
    const { dark } = readTheme(this.root)
    this.root.dataset.theme = dark ? "dark" : "light"
    items.forEach((item, place) => update(this.frames[place], item, dark))
    if (arrow) this.line[arrow === "before" ? "prepend" : "append"](this.arrow)
    else this.arrow.remove()
    if (badge) {
      this.badge.dataset.mark = badge.mark
      write(this.badge, badge.text)
      this.root.append(this.badge)
    } else this.badge.remove()
  }
}

/**
 * @param {Frame} frame
 * @param {Item} item
 * @param {boolean} dark
 */
function update(frame, item, dark) {
  frame.say(item)
  const key = `${dark} ${item.shape} ${item.pixels}`
  if (key === frame.drawn) return
  frame.drawn = key
  if (!item.shape) return frame.clear()
  const bytes = Uint8Array.from(atob(item.pixels), (letter) => letter.charCodeAt(0))
  frame.paint(bytes, 0, item.shape, 255, dark)
}
