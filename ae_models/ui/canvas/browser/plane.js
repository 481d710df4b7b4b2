/** A plane through a 3-D code: a square beside the map, where the pointer decodes; its axis and offset are chosen. */
import { pen } from "./frame.js"
import { element, write } from "./words.js"

/** @import {Points} from "./types.js" */
/** @import {Theme} from "./theme.js" */

const SIDE = 168
const THICK = 0.06 // of the range: dots this near to the plane are drawn on it

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
    this.names = /** @type {string[]} */ ([])
    this.ink = ""
    /** @type {Points | null} */
    this.points = null
    /** @type {[number, number]} shares of the square, where the keyboard has moved to */
    this.share = [0.5, 0.5]
    this.root = element("div", "ll-plane")
    this.root.hidden = true
    this.canvas = document.createElement("canvas")
    this.canvas.width = this.canvas.height = SIDE
    this.canvas.tabIndex = 0
    this.canvas.setAttribute("role", "application")
    this.canvas.setAttribute("aria-label", "A plane through the code; arrow keys move the point")
    this.axes = element("div", "ll-ways")
    this.offset = /** @type {HTMLInputElement} */ (element("input", "ll-range"))
    this.offset.type = "range"
    this.offset.step = "any"
    this.offset.setAttribute("aria-label", "Where the plane lies")
    this.caption = element("span", "ll-note")
    this.root.append(this.canvas, this.axes, this.offset, this.caption)
    this.offset.addEventListener("input", () => this.#lie(Number(this.offset.value)))
    this.canvas.addEventListener("pointermove", (event) => this.on.touch(this.#at(event)))
    this.canvas.addEventListener("pointerleave", () => this.on.touch(null))
    this.canvas.addEventListener("click", (event) => {
      const point = this.#at(event)
      if (point) this.on.put(point)
    })
    this.canvas.addEventListener("keydown", (event) => this.#step(event))
    for (const name of ["pointermove", "pointerdown", "mousedown", "wheel", "dblclick"])
      this.root.addEventListener(name, (event) => event.stopPropagation()) // the map under it stays as it is
  }

  /**
   * @param {Points} points
   * @param {string[]} names of the axes
   * @param {Theme} theme
   */
  open(points, names, theme) {
    this.points = points
    this.names = names
    this.ink = theme.ink
    this.axes.replaceChildren(
      ...names.map((name, axis) => {
        const button = /** @type {HTMLButtonElement} */ (element("button", "ll-button", name))
        button.type = "button"
        button.title = `Across ${name}`
        button.addEventListener("click", () => this.#turn(axis))
        return button
      }),
    )
    this.root.hidden = false
    this.#turn(this.axis)
  }

  close() {
    this.root.hidden = true
    this.on.touch(null)
    this.on.moved()
  }

  /** The plane's corners in the map's numbers; none while it is closed. @returns {number[][]} */
  get outline() {
    if (this.root.hidden) return []
    return [[0, 0], [1, 0], [1, 1], [0, 1]].flatMap(([a, b]) => [this.#point(a, b) ?? []])
  }

  /** @param {number} axis */
  #turn(axis) {
    if (!this.points) return
    this.axis = axis
    const [low, high] = this.points.bulk[axis]
    this.offset.min = String(low)
    this.offset.max = String(high)
    this.offset.value = String((low + high) / 2)
    ;[...this.axes.children].forEach((button, i) => button.setAttribute("aria-pressed", String(i === axis)))
    this.#lie((low + high) / 2)
  }

  /** @param {number} offset */
  #lie(offset) {
    this.at = offset
    this.offset.value = String(offset)
    write(this.caption, `${this.names[this.axis]} = ${offset.toFixed(2)}`)
    this.#draw()
    this.on.moved()
  }

  #others() {
    return [0, 1, 2].filter((d) => d !== this.axis)
  }

  /** From shares of the square, from the bottom left. @param {number} a @param {number} b */
  #point(a, b) {
    if (!this.points) return null
    const point = [0, 0, 0]
    const [i, j] = this.#others()
    const span = (/** @type {[number, number]} */ [low, high], /** @type {number} */ share) => low + share * (high - low)
    point[this.axis] = this.at
    point[i] = span(this.points.bulk[i], a)
    point[j] = span(this.points.bulk[j], b)
    return point
  }

  /** @param {MouseEvent} event */
  #at({ offsetX, offsetY }) {
    return this.#point(offsetX / this.canvas.clientWidth, 1 - offsetY / this.canvas.clientHeight)
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    /** @type {Record<string, [number, number]>} */
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }
    const by = steps[event.key]
    const here = this.#point(...this.share)
    if (event.key === "Enter" && here) return this.on.put(here)
    if (!by) return
    event.preventDefault()
    const clamp = (/** @type {number} */ value) => Math.min(1, Math.max(0, value))
    this.share = [clamp(this.share[0] + by[0] / 50), clamp(this.share[1] + by[1] / 50)]
    this.on.touch(this.#point(...this.share))
  }

  #draw() {
    if (!this.points) return
    const { columns, bulk } = this.points
    const context = pen(this.canvas)
    context.clearRect(0, 0, SIDE, SIDE)
    context.fillStyle = this.ink
    context.globalAlpha = 0.45
    const [i, j] = this.#others()
    const reach = THICK * (bulk[this.axis][1] - bulk[this.axis][0])
    const share = (/** @type {number} */ value, /** @type {[number, number]} */ [low, high]) => (value - low) / (high - low)
    columns[this.axis].forEach((value, row) => {
      if (Math.abs(value - this.at) > reach) return
      const x = share(columns[i][row], bulk[i]) * SIDE
      const y = (1 - share(columns[j][row], bulk[j])) * SIDE
      context.fillRect(x - 0.75, y - 0.75, 1.5, 1.5)
    })
  }
}
