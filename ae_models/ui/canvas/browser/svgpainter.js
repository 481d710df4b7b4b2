/** Maps without WebGL: a stratified few thousand dots as SVG, behind the same face as `Painter`; flat ones only. */
import { drawn } from "./figure.js"
import { home } from "./looks.js"
import { flat } from "./projection.js"
import { element } from "./words.js"

/** @import {Lie, Look, Painter, Place, Projection, Scene} from "./types.js" */

const NS = "http://www.w3.org/2000/svg"
export const MOST = 3000

/** @implements {Painter} */
export class SvgPainter {
  /** @param {{moved: () => void}} on */
  constructor(on) {
    this.on = on
    this.root = element("div", "ll-figure")
    this.svg = document.createElementNS(NS, "svg")
    this.svg.setAttribute("class", "ll-svg-maps")
    this.root.append(this.svg)
    /** @type {2 | 3 | null} */
    this.dim = null
    /** @type {Scene | null} */
    this.scene = null
    /** @type {Place[]} */
    this.places = []
    /** @type {(Look | null)[]} */
    this.looks = []
    /** @type {Set<number>} */
    this.rows = new Set()
  }

  /** @param {any} _ @param {Scene} scene @param {Lie} lie */
  async draw(_, scene, { places }) {
    this.dim = scene.data.dim
    this.scene = scene
    this.places = places
    this.looks = scene.points.map((points) => points && home(points, scene.data.dim))
    this.rows = new Set(stratified(scene.labels))
    this.#paint()
  }

  #paint() {
    const { scene, places } = this
    this.svg.replaceChildren()
    if (!scene) return
    const { color, colorscale, cmin, cmax } = scene.paint
    for (const [place, { columns }] of drawn(scene)) {
      const { left, top, width, height } = places[place]
      const view = this.seen(place, places[place])
      const [xs, ys] = columns
      const lines = new Map()
      for (const row of this.rows) {
        const spot = scene.hidden[row] ? null : view?.project([xs[row], ys[row]])
        if (!spot || !(spot[0] >= 0 && spot[1] >= 0 && spot[0] <= width && spot[1] <= height)) continue
        const share = Math.min(1, Math.max(0, (color[row] - cmin) / (cmax - cmin)))
        const colour = colorscale[Math.round(share * (colorscale.length - 1))][1]
        lines.set(colour, `${lines.get(colour) ?? ""}M${(left + spot[0]).toFixed(1)} ${(top + spot[1]).toFixed(1)}h0`)
      }
      for (const [colour, line] of lines) {
        const path = document.createElementNS(NS, "path")
        path.setAttribute("d", line)
        path.setAttribute("stroke", colour)
        this.svg.append(path)
      }
    }
    this.on.moved()
  }

  /** @param {number} place @param {Place} area @returns {Projection | null} */
  seen(place, area) {
    const look = this.look(place)
    return look && flat([look[0], look[1]], [look[2], look[3]], area)
  }

  /** @param {number} place @returns {Look | null} */
  look(place) {
    return this.looks[place] ?? null
  }

  /** @param {number} place @param {Look} look */
  aim(place, look) {
    if (!this.looks[place]) return
    this.looks[place] = look
    this.#paint()
  }

  /** @param {number} row */
  draws(row) {
    return this.rows.has(row)
  }

  hide() {
    this.#paint()
  }

  recolour() {
    if (this.dim !== null) this.#paint()
  }

  /** @param {Scene} _ @param {Lie} lie */
  resize(_, { places }) {
    this.places = places
    this.#paint()
  }

  move() {
    this.#paint()
  }

  hold() {}
  backdrops() {}

  clear() {
    this.svg.replaceChildren()
    this.dim = null
    this.scene = null
    this.looks = []
  }
}

/** At most 3,000 rows, of each class its share. @param {Uint8Array} labels */
function stratified(labels) {
  const rows = [...labels.keys()].sort((a, b) => labels[a] - labels[b] || a - b)
  if (rows.length <= MOST) return rows
  return Array.from({ length: MOST }, (_, i) => rows[Math.floor((i * rows.length) / MOST)])
}
