/** The sheet to draw on: strokes by mouse, finger or pen, kept as lines so that they can be taken back. */
import { pen } from "../decode/frame.js"
import { element } from "../shared/text.js"

const SIDE = 168 // pixels of the ink that is read
const SHOWN = 336 // pixels of the sheet itself

/** @typedef {{width: number, points: [number, number][]}} Stroke in shares of the side */

export class Sheet {
  /**
   * @param {object} on
   * @param {() => void} on.drawn there is other ink
   * @param {() => void} on.lifted a stroke ended
   */
  constructor(on) {
    this.on = on
    /** @type {Stroke[]} */
    this.strokes = []
    this.width = 0.085
    this.colour = "#1d2230"
    this.canvas = /** @type {HTMLCanvasElement} */ (element("canvas", "ll-sheet"))
    this.canvas.width = this.canvas.height = SHOWN
    this.canvas.setAttribute("role", "img")
    this.canvas.setAttribute("aria-label", "A sheet to draw on, with mouse, finger or pen")
    const hidden = document.createElement("canvas")
    hidden.width = hidden.height = SIDE
    this.ink = /** @type {CanvasRenderingContext2D} */ (hidden.getContext("2d", { willReadFrequently: true }))
    /** @type {Stroke | null} */
    this.current = null
    this.canvas.addEventListener("pointerdown", (event) => this.#start(event))
    this.canvas.addEventListener("pointermove", (event) => this.#move(event))
    for (const name of ["pointerup", "pointercancel"]) this.canvas.addEventListener(name, () => this.#stop())
  }

  get side() {
    return SIDE
  }

  /** The ink, `(side, side)` in [0, 1]. */
  read() {
    const { data } = this.ink.getImageData(0, 0, SIDE, SIDE)
    const ink = new Float32Array(SIDE * SIDE)
    for (let i = 0; i < ink.length; i++) ink[i] = data[4 * i + 3] / 255
    return ink
  }

  undo() {
    this.strokes.pop()
    this.redraw()
    this.on.drawn()
  }

  clear() {
    this.strokes = []
    this.current = null
    this.redraw()
    this.on.drawn()
  }

  redraw() {
    for (const context of [this.ink, pen(this.canvas)]) {
      context.clearRect(0, 0, context.canvas.width, context.canvas.height)
      for (const stroke of this.strokes) this.#line(context, stroke, 0)
    }
  }

  /** @param {PointerEvent} event */
  #start(event) {
    if (event.button !== 0) return
    event.preventDefault()
    this.canvas.setPointerCapture(event.pointerId)
    this.current = { width: this.width, points: [this.#at(event)] }
    this.strokes.push(this.current)
    this.#extend(0)
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.current) return
    const before = this.current.points.length - 1
    const all = event.getCoalescedEvents?.() ?? []
    for (const one of all.length ? all : [event]) this.current.points.push(this.#at(one))
    this.#extend(before)
  }

  #stop() {
    if (!this.current) return
    this.current = null
    this.on.lifted()
  }

  /** Draw what is new of the current stroke. @param {number} from */
  #extend(from) {
    if (!this.current) return
    for (const context of [this.ink, pen(this.canvas)]) this.#line(context, this.current, from)
    this.on.drawn()
  }

  /** @param {CanvasRenderingContext2D} context @param {Stroke} stroke @param {number} from */
  #line(context, { width, points }, from) {
    const side = context.canvas.width
    Object.assign(context, { lineWidth: width * side, lineCap: "round", lineJoin: "round", strokeStyle: this.colour })
    context.beginPath()
    const [first, ...rest] = points.slice(from)
    context.moveTo(first[0] * side, first[1] * side)
    if (!rest.length) context.lineTo(first[0] * side + 0.01, first[1] * side)
    for (const [x, y] of rest) context.lineTo(x * side, y * side)
    context.stroke()
  }

  /** @param {PointerEvent} event @returns {[number, number]} */
  #at(event) {
    const box = this.canvas.getBoundingClientRect()
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]
  }
}
