/**
 * The maps before Plotly is there: every dot where Plotly will put it, on one plain canvas.
 *
 * Plotly's script and its first drawing take the browser longer than all the rest of the page. Until they are done,
 * this is what is seen; it can be pointed at, and marks lie on it.
 */
import { tints } from "./colouring.js"
import { dotSize, drawn } from "./figure.js"
import { pen } from "../decode/frame.js"
import { home } from "./viewport.js"
import { perspective } from "./orthographic.js"
import { flat, inSpace } from "./projection.js"
import { element } from "../shared/text.js"

/** @import {Lie, Place, Projection, Scene} from "../shared/browsertypes.js" */

const OPACITY = { 2: 0.8, 3: 0.85 }
const AS_PLOTLY = { 2: 0.85, 3: 1.4 } // how wide its dots come out, of the size that they are given

export class Preview {
  constructor() {
    this.root = /** @type {HTMLCanvasElement} */ (element("canvas", "ll-preview"))
    this.root.setAttribute("aria-hidden", "true")
    this.root.hidden = true
    /** @type {Scene | null} what is shown; null: nothing */
    this.scene = null
  }

  /** @param {Scene} scene @param {Lie} lie */
  draw(scene, { size, places }) {
    const sharp = Math.min(window.devicePixelRatio || 1, 2)
    Object.assign(this.root, { width: size.width * sharp, height: size.height * sharp })
    Object.assign(this.root.style, { width: `${size.width}px`, height: `${size.height}px` })
    this.scene = scene
    this.root.hidden = false
    const context = pen(this.root)
    const { dim, n } = scene.data
    const radius = (AS_PLOTLY[dim] * dotSize(n, dim) * sharp) / 2
    context.globalAlpha = OPACITY[dim]
    const stamps = stampsOf(tints(scene.paint), radius)
    for (const [place] of drawn(scene)) {
      const { left, top, width, height } = places[place]
      const view = this.seen(place, places[place])
      context.save()
      context.beginPath()
      context.rect(left * sharp, top * sharp, width * sharp, height * sharp)
      context.clip()
      for (const row of this.#order(place, places[place])) {
        if (scene.hidden[row]) continue
        const spot = view?.project(scene.points[place]?.columns.map((column) => column[row]) ?? [])
        if (spot) context.drawImage(stamps(row), (left + spot[0]) * sharp - radius - 1, (top + spot[1]) * sharp - radius - 1)
      }
      context.restore()
    }
  }

  /** Other colours, another size, fewer dots: where it is shown. @param {Lie} lie */
  again(lie) {
    if (this.scene) this.draw(this.scene, lie)
  }

  /** The rows as they are drawn: in space what is behind comes first. @param {number} place @param {Place} area */
  #order(place, area) {
    const { data, points } = /** @type {Scene} */ (this.scene)
    const rows = Array.from({ length: data.n }, (_, row) => row)
    const one = points[place]
    if (data.dim === 2 || !one) return rows
    const { see } = perspective(data.looks[place] ?? home(one, 3), one.ranges, area)
    const far = rows.map((row) => see(one.columns.map((column) => column[row]))[2])
    return rows.sort((a, b) => far[b] - far[a])
  }

  /** How a map lies, while this shows it. @param {number} place @param {Place} area @returns {Projection | null} */
  seen(place, area) {
    const points = this.scene?.points[place]
    if (!this.scene || !points) return null
    const { dim, looks } = this.scene.data
    const look = looks[place] ?? home(points, dim)
    if (dim === 2) return flat([look[0], look[1]], [look[2], look[3]], area)
    const { see, turn } = perspective(look, points.ranges, area)
    return inSpace(see, turn)
  }

  clear() {
    this.scene = null
    this.root.hidden = true
    this.root.width = this.root.height = 1
  }
}

/** A dot of each colour, drawn once and then copied. @param {(row: number) => string} tint @param {number} radius */
function stampsOf(tint, radius) {
  /** @type {Map<string, HTMLCanvasElement>} */
  const made = new Map()
  return (/** @type {number} */ row) => {
    const colour = tint(row)
    const known = made.get(colour)
    if (known) return known
    const stamp = document.createElement("canvas")
    stamp.width = stamp.height = Math.ceil(2 * radius + 2)
    const context = pen(stamp)
    context.fillStyle = colour
    context.arc(radius + 1, radius + 1, radius, 0, 2 * Math.PI)
    context.fill()
    made.set(colour, stamp)
    return stamp
  }
}
