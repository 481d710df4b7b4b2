/** A gallery of images: how many of each class, their mean, what is drawn from their mean code, all of them to click. */
import { Frame, pen } from "../decode/frame.js"
import { kindOf } from "../kinds/kinds.js"
import { element, write } from "../shared/text.js"
import { say } from "../shared/sentences.js"

/** @import {DecodeContext, LoadedSheet, Shape} from "../shared/browsertypes.js" */

const CELL = 34 // pixels of the page an image takes
const MOST = 600 // drawn

export class Gallery {
  /**
   * @param {object} on
   * @param {(row: number) => void} on.pick
   * @param {(kind: "csv" | "npz") => void} on.save
   * @param {() => void} on.close
   */
  constructor(on) {
    /** @type {number[]} */
    this.rows = []
    this.columns = 1
    this.name = (/** @type {number} */ row) => `${row}`
    this.root = element("section", "ll-gallery")
    this.root.hidden = true
    this.title = element("h3", "ll-tray-title")
    this.part = element("span", "ll-part")
    this.counts = element("span", "ll-counts")
    const head = element("div", "ll-tray-head")
    const button = (/** @type {string} */ text, /** @type {() => void} */ act) => {
      const made = /** @type {HTMLButtonElement} */ (element("button", "ll-button", text))
      made.type = "button"
      made.addEventListener("click", act)
      return made
    }
    head.append(
      this.title,
      this.part,
      this.counts,
      button("Save CSV", () => on.save("csv")),
      button("Save NPZ", () => on.save("npz")),
      button("Close", () => on.close()),
    )
    const body = element("div", "ll-gallery-body")
    this.mean = new Frame()
    this.decoded = new Frame()
    this.scroll = element("div", "ll-gallery-scroll")
    this.scroll.tabIndex = 0
    this.scroll.setAttribute("aria-label", say("The {samples}; click one to pin it"))
    this.canvas = document.createElement("canvas")
    this.canvas.addEventListener("click", (event) => {
      const row = this.rows[this.#place(event)]
      if (row !== undefined) on.pick(row)
    })
    this.canvas.addEventListener("pointermove", (event) => {
      const row = this.rows[this.#place(event)]
      this.canvas.title = row === undefined ? "" : this.name(row)
    })
    this.scroll.append(this.canvas)
    body.append(this.mean.root, this.decoded.root, this.scroll)
    this.root.append(head, body)
  }

  /** @param {MouseEvent} event */
  #place({ offsetX, offsetY }) {
    return Math.floor(offsetY / CELL) * this.columns + Math.floor(offsetX / CELL)
  }

  /**
   * @param {string} title
   * @param {number[]} rows
   * @param {DecodeContext} ground
   * @param {number} marked how many of them the maps mark at most
   */
  show(title, rows, { plain, scene, data, name, dark }, marked) {
    this.rows = rows
    this.name = name
    write(this.title, title)
    write(this.part, [part(marked, rows.length, "marked"), part(MOST, rows.length, "pictured")].filter(Boolean).join("; "))
    write(this.counts, counted(rows, scene.labels, data.class_names))
    const [channels, height, width] = plain.shape
    const size = channels * height * width
    const sum = new Float32Array(size)
    for (const row of rows) for (let i = 0; i < size; i++) sum[i] += plain.bytes[row * size + i]
    this.mean.paint(sum.map((value) => value / Math.max(rows.length, 1)), 0, plain.shape, plain.levels, dark)
    this.mean.say({ title: say("Mean {sample}"), note: say("of the {parts}"), tip: "" })
    this.#draw(rows.slice(0, MOST), plain, size, dark)
    this.root.hidden = false
  }

  /** @param {Float32Array} image @param {Shape} shape @param {boolean} dark @param {string} who */
  decode(image, shape, dark, who) {
    this.decoded.paint(image, 0, shape, 1, dark)
    this.decoded.say({ title: "Mean code", note: `${who} draws it`, tip: "" })
  }

  /** @param {number[]} rows @param {LoadedSheet} sheet @param {number} size @param {boolean} dark */
  #draw(rows, { bytes, shape, levels }, size, dark) {
    const kind = kindOf(shape)
    const { height, width } = kind.size(shape)
    this.columns = Math.max(1, Math.floor((this.scroll.clientWidth || 900) / CELL))
    const lines = Math.ceil(rows.length / this.columns)
    const { canvas } = this
    Object.assign(canvas, { width: this.columns * (width + 2), height: Math.max(1, lines * (height + 2)) })
    Object.assign(canvas.style, { width: `${this.columns * CELL}px`, height: `${lines * CELL}px` })
    canvas.dataset.chart = String(kind.isChart)
    const context = pen(canvas)
    const picture = context.createImageData(width, height)
    rows.forEach((row, place) => {
      kind.fill(picture.data, bytes, row * size, shape, levels, dark)
      context.putImageData(picture, (place % this.columns) * (width + 2), Math.floor(place / this.columns) * (height + 2))
    })
  }
}

/** "2,000 of 3,412 marked", where not all are. @param {number} most @param {number} n @param {string} what */
function part(most, n, what) {
  return n > most ? `${most.toLocaleString("en")} of ${n.toLocaleString("en")} ${what}` : ""
}

/** "7: 120, 9: 31": the most frequent first. @param {number[]} rows @param {Uint8Array} labels @param {string[]} names */
function counted(rows, labels, names) {
  const counts = new Map()
  for (const row of rows) counts.set(labels[row], (counts.get(labels[row]) ?? 0) + 1)
  const known = [...counts].filter(([label]) => label < names.length).sort((a, b) => b[1] - a[1])
  return known.map(([label, n]) => `${names[label]}: ${n.toLocaleString("en")}`).join(" · ")
}
