/** Pictures side by side on one canvas: a row, a wall, a grid; a cursor stands on one of them, by pointer or keys. */
import { pen } from "../decode/frame.js"
import { CLASS_COLOURS } from "../shared/theme.js"
import { kindOf } from "../kinds/kinds.js"
import { element, write } from "../shared/text.js"
import { say } from "../shared/sentences.js"

/** @import {Pictures, Points} from "../shared/browsertypes.js" */
/** @import {Block} from "../shared/types.js" */
/** @import {Theme} from "../shared/theme.js" */

const GAP = 2 // pixels of the pictures

export class Wall {
  /** @param {(index: number) => void} point the cursor stands on a picture */
  constructor(point) {
    this.root = element("section", "ll-wall")
    this.title = element("h3", "ll-wall-title")
    this.note = element("span", "ll-note")
    const head = element("header", "ll-wall-head")
    head.append(this.title, this.note)
    this.sheet = element("div", "ll-wall-sheet")
    this.canvas = document.createElement("canvas")
    this.canvas.tabIndex = 0
    this.canvas.setAttribute("role", "application")
    this.cursor = element("div", "ll-wall-cursor")
    this.bars = element("div", "ll-wall-bars")
    this.over = /** @type {HTMLCanvasElement} */ (element("canvas", "ll-wall-over"))
    this.over.hidden = true
    this.sheet.append(this.canvas, this.over, this.cursor)
    this.root.append(head, this.sheet, this.bars)
    this.index = 0
    /** @type {Block | null} */
    this.block = null
    /** @type {Pictures | null} */
    this.pictures = null
    this.painted = ""
    this.canvas.addEventListener("pointermove", (event) => point(this.#at(event)))
    this.canvas.addEventListener("click", (event) => point(this.#at(event)))
    this.canvas.addEventListener("keydown", (event) => {
      const { columns, n } = this.block ?? { columns: 1, n: 1 }
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -this.index, End: n - 1 - this.index }[event.key]
      if (step === undefined) return
      event.preventDefault()
      const next = this.index + step
      if (next >= 0 && next < n) point(next)
    })
  }

  /** @param {Block} block */
  set(block) {
    this.block = block
    this.root.dataset.block = block.key
    this.root.hidden = block.hidden
    this.root.dataset.dense = String(block.dense)
    write(this.title, block.title)
    write(this.note, block.note)
    this.canvas.setAttribute("aria-label", `${block.title}: ${say(`${block.n} {pictures}; arrow keys move between them`)}`)
    this.sheet.style.setProperty("--columns", String(block.columns))
    this.bars.hidden = !block.moves
    this.stand(Math.min(this.index, block.n - 1))
  }

  /** @param {number} index */
  stand(index) {
    const { block } = this
    if (!block) return
    this.index = index
    const rows = Math.ceil(block.n / block.columns)
    const [column, row] = [index % block.columns, Math.floor(index / block.columns)]
    Object.assign(this.cursor.style, {
      left: `${(100 * column) / block.columns}%`,
      top: `${(100 * row) / rows}%`,
      width: `${100 / block.columns}%`,
      height: `${100 / rows}%`,
    })
  }

  /** @param {Pictures} pictures @param {boolean} dark */
  paint(pictures, dark) {
    const { block } = this
    if (!block) return
    this.pictures = pictures
    const kind = kindOf(block.shape)
    const { height, width } = kind.size(block.shape)
    const gap = block.dense ? 0 : GAP
    const rows = Math.ceil(block.n / block.columns)
    Object.assign(this.canvas, { width: block.columns * (width + gap), height: rows * (height + gap) })
    this.canvas.dataset.chart = String(kind.isChart)
    const context = pen(this.canvas)
    const picture = context.createImageData(width, height)
    const size = block.shape[0] * block.shape[1] * block.shape[2]
    for (let i = 0; i < block.n; i++) {
      kind.fill(picture.data, pictures.values, i * size, block.shape, pictures.levels, dark)
      context.putImageData(picture, (i % block.columns) * (width + gap) + gap / 2, Math.floor(i / block.columns) * (height + gap) + gap / 2)
    }
    this.root.dataset.painted = "true"
  }

  /**
   * Lay the images' dots over a lattice, where its pictures' middles are their places.
   * @param {Points | null} points
   * @param {Uint8Array} labels
   * @param {Theme} theme
   */
  scatter(points, labels, theme) {
    const { block, over } = this
    over.hidden = !points || !block
    if (!points || !block) return
    const side = 900
    const rows = block.n / block.columns
    Object.assign(over, { width: side, height: Math.round((side * rows) / block.columns) })
    const context = pen(over)
    const [[x0, x1], [y0, y1]] = block.over
    const [xs, ys] = points.columns
    context.globalAlpha = 0.75
    for (let i = 0; i < xs.length; i++) {
      const x = (0.5 + ((xs[i] - x0) / (x1 - x0)) * (block.columns - 1)) / block.columns
      const y = 1 - (0.5 + ((ys[i] - y0) / (y1 - y0)) * (rows - 1)) / rows
      context.fillStyle = labels[i] === 255 ? theme.neutral : CLASS_COLOURS[labels[i] % CLASS_COLOURS.length]
      context.fillRect(x * side - 1.5, y * over.height - 1.5, 3, 3)
    }
  }

  /** How far the picture moves from each to the next: Euclidean, in pixels. @returns {number[]} */
  get moves() {
    const { block, pictures } = this
    if (!block || !pictures) return []
    const size = block.shape[0] * block.shape[1] * block.shape[2]
    const { values, levels } = pictures
    return Array.from({ length: block.n - 1 }, (_, i) => {
      let sum = 0
      for (let k = 0, at = i * size; k < size; k++, at++) sum += ((values[at + size] - values[at]) / levels) ** 2
      return Math.sqrt(sum)
    })
  }

  /** @param {number} most the longest bar of all walls */
  measure(most) {
    const moves = this.moves
    this.bars.replaceChildren(
      ...moves.map((move, i) => {
        const bar = element("span", "ll-wall-bar")
        Object.assign(bar.style, { left: `${(100 * (i + 1)) / (moves.length + 1)}%`, height: `${most ? (100 * move) / most : 0}%` })
        bar.title = say(`from {picture} ${i + 1} to ${i + 2}: ${move.toFixed(2)}`)
        return bar
      }),
    )
  }

  /** @param {MouseEvent} event */
  #at(event) {
    const { columns, n } = this.block ?? { columns: 1, n: 1 }
    const rows = Math.ceil(n / columns)
    const column = Math.floor((event.offsetX / this.canvas.clientWidth) * columns)
    const row = Math.floor((event.offsetY / this.canvas.clientHeight) * rows)
    const place = (/** @type {number} */ value, /** @type {number} */ most) => Math.min(Math.max(value, 0), most - 1)
    return Math.min(place(row, rows) * columns + place(column, columns), n - 1)
  }
}
