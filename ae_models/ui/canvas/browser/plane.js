/** A plane through a 3-D code: a square beside the map, where the pointer decodes; its axis and offset are chosen. */
import { element, write } from "./words.js"

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
    this.canvas.addEventListener("click", (event) => this.on.put(this.#at(event)))
    this.canvas.addEventListener("keydown", (event) => this.#step(event))
    for (const name of ["pointermove", "pointerdown", "mousedown", "wheel", "dblclick"])
      this.root.addEventListener(name, (event) => event.stopPropagation()) // the map under it stays as it is
  }

  /**
   * @param {import("./arrays.js").Points} points
   * @param {string[]} names of the axes
   * @param {{ink: string, accent: string}} theme
   */
  open(points, names, theme) {
    Object.assign(this, { points, names, theme })
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

  /** The plane's corners in the map's numbers; none while it is closed. */
  get outline() {
    if (this.root.hidden) return []
    return [[0, 0], [1, 0], [1, 1], [0, 1]].map(([a, b]) => this.#point(a, b))
  }

  #turn(axis) {
    this.axis = axis
    const [low, high] = this.points.bulk[axis]
    this.offset.min = String(low)
    this.offset.max = String(high)
    this.offset.value = String((low + high) / 2)
    ;[...this.axes.children].forEach((button, i) => button.setAttribute("aria-pressed", String(i === axis)))
    this.#lie((low + high) / 2)
  }

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

  /** From shares of the square, from the bottom left. */
  #point(a, b) {
    const point = [0, 0, 0]
    const [i, j] = this.#others()
    const span = ([low, high], share) => low + share * (high - low)
    point[this.axis] = this.at
    point[i] = span(this.points.bulk[i], a)
    point[j] = span(this.points.bulk[j], b)
    return point
  }

  #at({ offsetX, offsetY }) {
    return this.#point(offsetX / this.canvas.clientWidth, 1 - offsetY / this.canvas.clientHeight)
  }

  #step(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }
    const by = steps[event.key]
    if (event.key === "Enter" && this.share) return this.on.put(this.#point(...this.share))
    if (!by) return
    event.preventDefault()
    const clamp = (value) => Math.min(1, Math.max(0, value))
    this.share = (this.share ?? [0.5, 0.5]).map((value, d) => clamp(value + by[d] / 50))
    this.on.touch(this.#point(...this.share))
  }

  #draw() {
    const { columns, bulk } = this.points
    const context = this.canvas.getContext("2d")
    context.clearRect(0, 0, SIDE, SIDE)
    context.fillStyle = this.theme.ink
    context.globalAlpha = 0.45
    const [i, j] = this.#others()
    const reach = THICK * (bulk[this.axis][1] - bulk[this.axis][0])
    const share = (value, [low, high]) => (value - low) / (high - low)
    columns[this.axis].forEach((value, row) => {
      if (Math.abs(value - this.at) > reach) return
      const x = share(columns[i][row], bulk[i]) * SIDE
      const y = (1 - share(columns[j][row], bulk[j])) * SIDE
      context.fillRect(x - 0.75, y - 0.75, 1.5, 1.5)
    })
  }
}
