/** A plane through a 3-D code: a square beside the map, where the pointer decodes; its axis and offset are chosen. */
import { tints } from "../painter/colouring.js"
import { pen } from "./frame.js"
import { axisCaption, element, write } from "../shared/text.js"

/** @import {Scene} from "../shared/browsertypes.js" */

const THICK = 0.06 // of the range: dots this near to the plane are drawn on it
const STEPS = 50 // arrow keys take from one side to the other
const FAST = 5 // times that, with Shift
const DOT = 1.4 // pixels, half a dot's width

/** @type {Record<string, [number, number]>} to the right, and up */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }

export class Plane {
  /**
   * @param {object} on
   * @param {(point: number[] | null) => void} on.touch a point of the code, in the map's numbers
   * @param {(point: number[]) => void} on.put
   * @param {() => void} on.moved the plane lies elsewhere
   */
  constructor(on) {
    this.on = on
    this.axis = 2
    this.at = 0
    /** @type {Scene | null} */
    this.scene = null
    this.view = ""
    /** @type {[number, number]} shares of the square, where the keyboard has moved to */
    this.share = [0.5, 0.5]
    this.root = element("aside", "ll-plane")
    this.root.hidden = true
    this.root.setAttribute("aria-label", "A plane through the code")
    this.square = element("div", "ll-plane-square")
    this.canvas = document.createElement("canvas")
    this.canvas.tabIndex = 0
    this.canvas.setAttribute("role", "application")
    this.canvas.setAttribute("aria-label", "A plane through the code; arrow keys move the point, Enter keeps it")
    this.over = element("div", "ll-plane-over")
    this.over.setAttribute("aria-hidden", "true")
    this.cross = element("div", "ll-plane-cross")
    this.axes = element("div", "ll-ways")
    this.axes.setAttribute("role", "group")
    this.axes.setAttribute("aria-label", "Which number stays the same on the plane")
    this.offset = /** @type {HTMLInputElement} */ (element("input", "ll-range"))
    this.offset.type = "range"
    this.offset.step = "any"
    this.offset.setAttribute("aria-label", "Where the plane lies")
    this.left = element("span", "ll-caption")
    this.right = element("span", "ll-caption ll-caption-right")
    this.#build()
    this.#listen()
  }

  #build() {
    const head = element("header", "ll-head")
    const controls = element("div", "ll-plane-controls")
    const foot = element("footer", "ll-foot")
    head.append(element("h3", "ll-title", "Plane"), element("span", "ll-note", "empty places draw too"))
    this.over.append(this.cross)
    this.square.append(this.canvas, this.over)
    controls.append(this.axes, this.offset)
    foot.append(this.left, this.right)
    this.root.append(head, this.square, controls, foot)
  }

  #listen() {
    const { canvas, offset, root } = this
    offset.addEventListener("input", () => this.#lie(Number(offset.value)))
    canvas.addEventListener("pointermove", (event) => this.on.touch(this.#under(event)))
    canvas.addEventListener("pointerleave", () => this.on.touch(null))
    canvas.addEventListener("blur", () => this.on.touch(null))
    canvas.addEventListener("click", (event) => {
      const point = this.#under(event)
      if (point) this.on.put(point)
    })
    canvas.addEventListener("keydown", (event) => this.#key(event))
    for (const name of ["pointerenter", "focusin"]) root.addEventListener(name, () => (root.dataset.used = "true"))
    for (const name of ["pointerleave", "focusout"]) root.addEventListener(name, () => delete root.dataset.used)
    new ResizeObserver(() => this.draw()).observe(canvas)
  }

  /** Show the plane through these maps, or (null) none. @param {Scene | null} scene @param {ArrayLike<number>} [through] a point, in the map's numbers */
  show(scene, through) {
    const before = this.scene
    this.scene = scene
    if (scene === before) return
    if (!scene || !this.#map) return this.on.moved()
    const { axes } = this.#map.panel
    if (scene.data.view !== this.view) {
      this.view = scene.data.view
      this.axes.replaceChildren(
        ...axes.map((name, axis) => {
          const button = /** @type {HTMLButtonElement} */ (element("button", "ll-button", name.split(" (")[0]))
          button.type = "button"
          button.title = `Hold ${name} still, and move the other two`
          button.addEventListener("click", () => this.#turn(axis))
          return button
        }),
      )
      this.axis = 2
      this.#turn(this.axis, through?.[this.axis])
    } else this.#lie(this.at)
  }

  /** The map that the plane goes through. */
  get #map() {
    const points = this.scene?.points[0]
    return this.scene && points ? { ...this.scene, points, panel: this.scene.data.panels[0] } : null
  }

  /** The plane's corners in the map's numbers; none while it is closed. @returns {number[][]} */
  get outline() {
    if (this.root.hidden) return []
    return [[0, 0], [1, 0], [1, 1], [0, 1]].flatMap(([a, b]) => [this.#point(a, b) ?? []])
  }

  /** Where the point under the sliders lies on the plane. @param {number[] | null} point in the map's numbers */
  mark(point) {
    const map = this.#map
    this.cross.hidden = !point || !map
    if (!point || !map) return
    const share = (/** @type {number} */ d) => {
      const [low, high] = map.points.bulk[d]
      return (point[d] - low) / (high - low)
    }
    const [x, y] = this.#others().map(share)
    const [low, high] = map.points.bulk[this.axis]
    this.cross.dataset.on = String(Math.abs(point[this.axis] - this.at) <= THICK * (high - low))
    this.cross.hidden = !(x >= 0 && x <= 1 && y >= 0 && y <= 1)
    this.cross.style.left = `${100 * x}%`
    this.cross.style.top = `${100 * (1 - y)}%`
  }

  /** @param {number} axis @param {number} [offset] */
  #turn(axis, offset) {
    const map = this.#map
    if (!map) return
    this.axis = axis
    const [low, high] = map.points.bulk[axis]
    this.offset.min = String(low)
    this.offset.max = String(high)
    ;[...this.axes.children].forEach((button, i) => button.setAttribute("aria-pressed", String(i === axis)))
    this.#lie(Math.min(high, Math.max(low, offset ?? (low + high) / 2)))
  }

  /** @param {number} offset */
  #lie(offset) {
    const map = this.#map
    if (!map) return
    const { axes } = map.panel
    this.at = offset
    this.offset.value = String(offset)
    this.offset.setAttribute("aria-valuetext", offset.toFixed(2))
    write(this.left, axisCaption(this.#others().map((d) => axes[d].split(" (")[0])))
    write(this.right, `${axes[this.axis].split(" (")[0]} = ${offset.toFixed(2)}`)
    this.draw()
    this.on.moved()
  }

  #others() {
    return [0, 1, 2].filter((d) => d !== this.axis)
  }

  /** From shares of the square, from the bottom left. @param {number} a @param {number} b */
  #point(a, b) {
    const map = this.#map
    if (!map) return null
    const point = [0, 0, 0]
    const [i, j] = this.#others()
    const span = (/** @type {[number, number]} */ [low, high], /** @type {number} */ share) => low + share * (high - low)
    point[this.axis] = this.at
    point[i] = span(map.points.bulk[i], a)
    point[j] = span(map.points.bulk[j], b)
    return point
  }

  /** @param {MouseEvent} event */
  #under({ offsetX, offsetY }) {
    return this.#point(offsetX / this.canvas.clientWidth, 1 - offsetY / this.canvas.clientHeight)
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const by = ARROWS[event.key]
    const here = this.#point(...this.share)
    if (event.key === "Enter" && here) this.on.put(here)
    else if (event.key === "Escape") this.on.touch(null)
    else if (by) {
      const step = (event.shiftKey ? FAST : 1) / STEPS
      const moved = (/** @type {number} */ d) => Math.min(1, Math.max(0, this.share[d] + step * by[d]))
      this.share = [moved(0), moved(1)]
      this.on.touch(this.#point(...this.share))
    } else return
    event.preventDefault()
  }

  /** The dots near the plane. */
  draw() {
    const map = this.#map
    const { clientWidth: side } = this.canvas
    if (!map || !side) return
    const { columns, bulk } = map.points
    const ratio = Math.min(window.devicePixelRatio || 1, 2)
    const context = pen(this.canvas)
    this.canvas.width = this.canvas.height = Math.round(ratio * side)
    context.scale(ratio, ratio)
    context.globalAlpha = 0.85
    const [i, j] = this.#others()
    const reach = THICK * (bulk[this.axis][1] - bulk[this.axis][0])
    const at = (/** @type {number} */ value, /** @type {[number, number]} */ [low, high]) => (side * (value - low)) / (high - low)
    const tint = tints(map.paint)
    columns[this.axis].forEach((value, row) => {
      if (map.hidden[row] || !(Math.abs(value - this.at) <= reach)) return
      context.fillStyle = tint(row)
      context.fillRect(at(columns[i][row], bulk[i]) - DOT, side - at(columns[j][row], bulk[j]) - DOT, 2 * DOT, 2 * DOT)
    })
  }
}
