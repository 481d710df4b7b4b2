/** A row of small pictures as a Streamlit component: pixels drawn square, a title and a number beside each. */
import { readTheme } from "./theme.js"
import { element, write } from "./words.js"

/**
 * @typedef {object} Item
 * @property {string} title
 * @property {string} note
 * @property {[number, number, number] | null} shape height, width, channels
 * @property {string} pixels base64 of uint8, row by row, channels together
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

const MARKS = { good: "✓", warn: "!" }
let count = 0

/**
 * @param {object} component what Streamlit hands over
 * @param {HTMLElement} component.parentElement
 * @param {Data} component.data
 */
export function mount({ parentElement, data }) {
  let row = rows.get(parentElement)
  if (!row) {
    row = new Row(parentElement)
    rows.set(parentElement, row)
  }
  row.turn += 1
  row.update(data)
  const { turn } = row
  return () => {
    if (row.turn !== turn) return // see maps.js
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
    while (this.frames.length > items.length) this.frames.pop().root.remove()
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
    items.forEach((item, place) => this.frames[place].update(item, dark))
    if (arrow) this.line[arrow === "before" ? "prepend" : "append"](this.arrow)
    else this.arrow.remove()
    if (badge) {
      this.badge.dataset.mark = badge.mark
      write(this.badge, badge.text)
      this.root.append(this.badge)
    } else this.badge.remove()
  }
}

class Frame {
  constructor() {
    this.root = element("figure", "ll-picture")
    this.box = element("div", "ll-frame")
    this.canvas = document.createElement("canvas")
    this.canvas.setAttribute("role", "img")
    this.words = element("figcaption", "ll-words")
    this.title = element("span", "ll-picture-title")
    this.note = element("span", "ll-picture-note")
    this.mark = element("span", "ll-mark")
    this.mark.setAttribute("aria-hidden", "true")
    this.text = element("span", "")
    this.tip = element("span", "ll-tip")
    this.tip.setAttribute("role", "tooltip")
    this.tip.id = `ll-tip-${++count}`
    this.note.append(this.mark, this.text)
    this.words.append(this.title, this.note)
    this.box.append(this.canvas)
    this.root.append(this.box, this.words, this.tip)
    this.drawn = ""
  }

  /**
   * @param {Item} item
   * @param {boolean} dark
   */
  update(item, dark) {
    write(this.title, item.title)
    write(this.text, item.note)
    write(this.tip, item.tip)
    write(this.mark, MARKS[item.mark] ?? "")
    this.mark.dataset.mark = item.mark
    this.canvas.dataset.picture = item.title
    this.canvas.setAttribute("aria-label", [item.title, item.note].filter(Boolean).join(", ") || "Picture")
    if (item.tip) {
      this.root.tabIndex = 0
      this.root.setAttribute("aria-describedby", this.tip.id)
    } else {
      this.root.removeAttribute("tabindex")
      this.root.removeAttribute("aria-describedby")
    }
    const key = `${dark} ${item.shape} ${item.pixels}`
    if (key === this.drawn) return
    this.drawn = key
    draw(this.canvas, item, dark)
  }
}

/**
 * Grey is ink on paper in the light theme and light on black in the dark one; colour is shown as it is.
 * @param {HTMLCanvasElement} canvas
 * @param {Item} item
 * @param {boolean} dark
 */
function draw(canvas, { shape, pixels }, dark) {
  canvas.dataset.empty = String(shape === null)
  const [height, width, channels] = shape ?? [1, 1, 1]
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext("2d")
  if (!shape) return context.clearRect(0, 0, width, height)
  const bytes = Uint8Array.from(atob(pixels), (letter) => letter.charCodeAt(0))
  const image = context.createImageData(width, height)
  const flip = channels === 1 && !dark
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = bytes[pixel * channels + (channels === 1 ? 0 : channel)]
      image.data[4 * pixel + channel] = flip ? 255 - value : value
    }
    image.data[4 * pixel + 3] = 255
  }
  context.putImageData(image, 0, 0)
}
