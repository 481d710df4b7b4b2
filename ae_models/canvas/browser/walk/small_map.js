/** A small flat map, drawn once: dots of the images, their classes' names, a path, marked places, a moving dot. */
import { pen } from "../decode/frame.js"
import { paintOf } from "../painter/colouring.js"
import { DotMap } from "../painter/dot_map.js"
import { element, write } from "../shared/text.js"

/** @import {Points} from "../shared/browsertypes.js" */
/** @import {Theme} from "../shared/theme.js" */

const PAD = 14
const NAMES = 12 // more classes' names would lie on one another
const SIZE = 0.7 // of the dots of a large map
const NEAR = 22 // pixels from a dot that a click still reaches

export class SmallMap {
  /** @param {(row: number) => void} [pick] */
  constructor(pick) {
    this.root = element("section", "ll-small-map")
    this.title = element("h3", "ll-title")
    this.note = element("span", "ll-note")
    const head = element("header", "ll-head")
    head.append(this.title, this.note)
    this.area = element("div", "ll-small-area")
    this.under = document.createElement("canvas")
    this.over = document.createElement("canvas")
    this.over.setAttribute("role", "img")
    this.dots = new DotMap(SIZE)
    this.area.append(this.dots.canvas, this.under, this.over)
    this.root.append(head, this.area)
    /** @type {Points | null} */
    this.points = null
    /** @type {Uint8Array} */
    this.labels = new Uint8Array()
    /** @type {string[]} */
    this.names = []
    /** @type {Theme | null} */
    this.theme = null
    /** @type {{path: number[][], dots: {at: number[], label: string}[], trail: number[][], estimated: boolean}} */
    this.marks = { path: [], dots: [], trail: [], estimated: false }
    this.size = { width: 0, height: 0 }
    this.observer = new ResizeObserver(() => this.#resize())
    this.observer.observe(this.area)
    if (pick) {
      this.over.style.cursor = "pointer"
      this.over.addEventListener("click", (event) => {
        const found = this.dots.pick(event.offsetX, event.offsetY, NEAR)
        if (found) pick(found.row)
      })
    }
  }

  /**
   * @param {{title: string, note: string}} words
   * @param {Points} points
   * @param {Uint8Array} labels
   * @param {string[]} names of the classes
   * @param {Theme} theme
   */
  set(words, points, labels, names, theme) {
    write(this.title, words.title)
    write(this.note, words.note)
    this.over.setAttribute("aria-label", `Map of ${words.title}`)
    const same = this.points === points && this.labels === labels && this.theme?.dark === theme.dark
    Object.assign(this, { points, labels, names, theme })
    if (!same) this.#draw()
    this.#mark()
  }

  /** @param {string} note */
  say(note) {
    write(this.note, note)
  }

  /** @param {Partial<SmallMap["marks"]>} marks */
  mark(marks) {
    Object.assign(this.marks, marks)
    this.root.dataset.dots = JSON.stringify(this.marks.dots.map(({ at }) => at))
    this.#mark()
  }

  end() {
    this.observer.disconnect()
    this.root.remove()
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.area
    if (!width || !height || (width === this.size.width && height === this.size.height)) return
    this.size = { width, height }
    const ratio = Math.min(window.devicePixelRatio || 1, 2)
    for (const canvas of [this.under, this.over]) {
      Object.assign(canvas, { width: width * ratio, height: height * ratio })
      Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` })
      pen(canvas).setTransform(ratio, 0, 0, ratio, 0, 0)
    }
    this.#draw()
    this.#mark()
  }

  /** From the map's numbers to pixels. @param {ArrayLike<number>} point @returns {[number, number]} */
  place(point) {
    const { width, height } = this.size
    const [[x0, x1], [y0, y1]] = this.points?.bulk ?? [[0, 1], [0, 1]]
    const share = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ high) => (value - low) / (high - low || 1)
    return [PAD + share(point[0], x0, x1) * (width - 2 * PAD), height - PAD - share(point[1], y0, y1) * (height - 2 * PAD)]
  }

  #draw() {
    const { points, theme, size } = this
    if (!points || !theme || !size.width) return
    const context = pen(this.under)
    context.clearRect(0, 0, size.width, size.height)
    const { width, height } = size
    const [across, up] = points.bulk.map(([low, high], d) => {
      const room = (PAD * (high - low || 1)) / ((d ? height : width) - 2 * PAD)
      return [low - room, high + room]
    })
    this.dots.lay({ left: 0, top: 0, width, height })
    this.dots.colour(paintOf({ labels: this.labels, data: { class_names: this.names } }, theme, null))
    this.dots.show({ dim: 2, points, hidden: new Uint8Array(points.columns[0].length), preserve: false })
    this.dots.look = [...across, ...up]
    this.dots.paint()
    const n = this.names.length
    if (n <= NAMES) this.#name(context, theme)
  }

  /** Each class's name at the middle of its dots. @param {CanvasRenderingContext2D} context @param {Theme} theme */
  #name(context, theme) {
    const [xs, ys] = this.points?.columns ?? [[], []]
    const middle = (/** @type {number[]} */ values) => values.sort((a, b) => a - b)[values.length >> 1]
    Object.assign(context, { font: `700 13px ${theme.font}`, textAlign: "center", textBaseline: "middle", lineWidth: 3.5, lineJoin: "round" })
    const spots = this.names.flatMap((name, label) => {
      const rows = [...this.labels.keys()].filter((row) => this.labels[row] === label)
      if (!rows.length) return []
      const [x, y] = this.place([middle(rows.map((row) => xs[row])), middle(rows.map((row) => ys[row]))])
      return [{ name, x, y, half: context.measureText(name).width / 2 }]
    })
    apart(spots)
    spots.forEach(({ name, x, y }) => {
      context.strokeStyle = theme.panel
      context.strokeText(name, x, y)
      context.fillStyle = theme.ink
      context.fillText(name, x, y)
    })
  }

  #mark() {
    const { theme, size, marks } = this
    if (!theme || !size.width || !this.points) return
    const context = pen(this.over)
    context.clearRect(0, 0, size.width, size.height)
    context.lineJoin = context.lineCap = "round"
    for (const [line, width, alpha] of /** @type {[number[][], number, number][]} */ ([[marks.trail, 1.5, 0.5], [marks.path, 2, 1]])) {
      if (line.length < 2) continue
      context.globalAlpha = alpha
      context.beginPath()
      line.forEach((point) => context.lineTo(...this.place(point)))
      for (const [colour, extra] of /** @type {[string, number][]} */ ([[theme.panel, 3], [theme.accent, 0]])) {
        Object.assign(context, { strokeStyle: colour, lineWidth: width + extra })
        context.stroke()
      }
    }
    context.globalAlpha = 1
    for (const { at, label } of marks.dots) this.#dot(context, theme, at, label)
  }

  /** @param {CanvasRenderingContext2D} context @param {Theme} theme @param {number[]} at @param {string} label */
  #dot(context, theme, at, label) {
    const [x, y] = this.#inside(at)
    context.beginPath()
    context.arc(x, y, label ? 10 : 7, 0, 2 * Math.PI)
    context.setLineDash(this.marks.estimated ? [3, 3] : [])
    context.fillStyle = this.marks.estimated ? theme.panel : theme.accent
    context.fill()
    Object.assign(context, { strokeStyle: this.marks.estimated ? theme.accent : theme.panel, lineWidth: 2.5 })
    context.stroke()
    context.setLineDash([])
    if (!label) return
    Object.assign(context, { font: `700 13px ${theme.font}`, textAlign: "center", textBaseline: "middle" })
    context.fillStyle = theme.panel
    context.fillText(label, x, y + 0.5)
  }

  /** What lies beyond the map stands at its edge. @param {number[]} point @returns {[number, number]} */
  #inside(point) {
    const [x, y] = this.place(point)
    const keep = (/** @type {number} */ value, /** @type {number} */ most) => Math.min(Math.max(value, 9), most - 9)
    return [keep(x, this.size.width), keep(y, this.size.height)]
  }
}

/** Move names away from one another until none lies on another. @param {{x: number, y: number, half: number}[]} spots */
function apart(spots) {
  for (let round = 0; round < 40; round++) {
    for (const one of spots) {
      for (const other of spots) {
        const [dx, dy] = [other.x - one.x, other.y - one.y]
        const [wide, tall] = [one.half + other.half + 4 - Math.abs(dx), 15 - Math.abs(dy)]
        if (one === other || wide <= 0 || tall <= 0) continue
        const along = wide < tall ? /** @type {const} */ ("x") : /** @type {const} */ ("y")
        const by = (Math.min(wide, tall) / 2 + 0.1) * ((along === "x" ? dx : dy) < 0 ? -1 : 1)
        one[along] -= by
        other[along] += by
      }
    }
  }
}
