/** Maps without WebGL: a stratified few thousand dots as SVG, behind the same face as `Painter`. */
import { tints } from "./colouring.js"
import { drawn } from "./figure.js"
import { home, shifted, turned } from "./viewport.js"
import { orthographic } from "./orthographic.js"
import { flat, inSpace } from "./projection.js"
import { element } from "../shared/text.js"

/** @import {Backdrop, Lie, Look, Painter, Place, Projection, Scene, Spot} from "../shared/browsertypes.js" */
/** @import {Phase} from "../select/lasso.js" */

const NS = "http://www.w3.org/2000/svg"
export const MOST = 3000
const SLICES = [0.4, 0.65, 0.95] // how opaque dots are: the rear third, the middle, the front
const FLAT = 0.8

/** @implements {Painter} */
export class SvgPainter {
  /** @param {{moved: () => void, rested: () => void}} on */
  constructor(on) {
    this.on = on
    this.root = element("div", "ll-figure")
    this.svg = make("svg", { class: "ll-svg-maps" })
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
    /** @type {Map<number, SVGElement>} one a map */
    this.groups = new Map()
    /** @type {Backdrop[]} */
    this.below = []
    /** @type {Set<number>} maps that wait for the next frame */
    this.waiting = new Set()
    /** @type {{spot: Spot, look: Look} | null} where a drag began */
    this.grasped = null
  }

  /** @param {any} _ @param {Scene} scene @param {Lie} lie */
  async draw(_, scene, { places }) {
    this.dim = scene.data.dim
    this.scene = scene
    this.places = places
    this.below = []
    this.looks = scene.points.map((points, place) => points && (scene.data.looks[place] ?? home(points, scene.data.dim)))
    this.rows = new Set(stratified(scene.labels))
    this.svg.replaceChildren()
    this.groups.clear()
    this.#paint()
  }

  #paint() {
    if (!this.scene) return
    for (const [place] of drawn(this.scene)) this.#paintMap(place)
    this.on.moved()
  }

  /** With the next frame: a hand moves more often than a screen shows. @param {number} place */
  #soon(place) {
    if (!this.waiting.size)
      requestAnimationFrame(() => {
        for (const one of this.waiting) this.#paintMap(one)
        this.waiting.clear()
        this.on.moved()
      })
    this.waiting.add(place)
  }

  /** @param {number} place */
  #paintMap(place) {
    const { scene, places } = this
    const points = scene?.points[place]
    const look = this.looks[place]
    if (!scene || !points || !look) return
    const { left, top, width, height } = places[place]
    const group = this.groups.get(place) ?? this.svg.appendChild(make("svg", {}))
    this.groups.set(place, group)
    set(group, { x: left, y: top, width, height })
    const view = this.seen(place, places[place])
    const pictures = this.below.filter((one) => one.place === place && view).map((one) => backdrop(one, view))
    const slices = this.dim === 3 ? this.#deep(look, place) : [this.#flat(place)]
    const tint = tints(scene.paint)
    group.replaceChildren(...pictures, ...slices.flatMap((dots, i) => paths(dots, tint, slices.length > 1 ? SLICES[i] : FLAT)))
  }

  /** @param {number} place @returns {Dot[]} */
  #flat(place) {
    const { scene, places } = this
    const view = this.seen(place, places[place])
    const [xs, ys] = scene?.points[place]?.columns ?? []
    return [...this.rows].flatMap((row) => {
      const spot = scene?.hidden[row] ? null : view?.project([xs[row], ys[row]])
      return spot && Number.isFinite(spot[0]) ? [{ row, x: spot[0], y: spot[1] }] : []
    })
  }

  /** From the rear to the front. @param {Look} look @param {number} place @returns {Dot[][]} */
  #deep(look, place) {
    const { scene, places } = this
    const points = scene?.points[place]
    if (!scene || !points) return []
    const { see } = orthographic(look, points.ranges, places[place])
    const dots = [...this.rows]
      .filter((row) => !scene.hidden[row])
      .map((row) => {
        const [x, y, w] = see(points.columns.map((column) => column[row]))
        return { row, x, y, w }
      })
      .filter(({ x }) => Number.isFinite(x))
      .sort((a, b) => b.w - a.w)
    const third = Math.ceil(dots.length / SLICES.length)
    return SLICES.map((_, i) => dots.slice(i * third, (i + 1) * third))
  }

  /** @param {number} place @param {Place} area @returns {Projection | null} */
  seen(place, area) {
    const look = this.looks[place]
    const points = this.scene?.points[place]
    if (!look || !points) return null
    if (this.dim !== 3) return flat([look[0], look[1]], [look[2], look[3]], area)
    const { see, turn } = orthographic(look, points.ranges, area)
    return inSpace(see, turn)
  }

  /** @param {number} place @returns {Look | null} */
  look(place) {
    return this.looks[place] ?? null
  }

  /** @param {number} place @param {Look} look */
  aim(place, look) {
    if (!this.looks[place]) return
    this.looks[place] = look
    this.#soon(place)
    this.on.rested()
  }

  /** A drag shifts a flat map and turns one in space. @param {Spot} spot @param {Phase} phase */
  grasp({ place, x, y }, phase) {
    const look = this.look(place)
    if (phase === "start") this.grasped = look && { spot: { place, x, y }, look }
    if (!this.grasped) return false
    const { spot, look: from } = this.grasped
    const { width, height } = this.places[place]
    const [across, up] = [(x - spot.x) / width, (spot.y - y) / height]
    if (phase === "move") this.aim(place, this.dim === 3 ? turned(from, -Math.PI * across, -Math.PI * up) : shifted(from, -across, -up))
    if (phase === "end") this.grasped = null
    return true
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

  /** @param {Backdrop[]} pictures */
  backdrops(pictures) {
    this.below = pictures
    this.#paint()
  }

  hold() {}

  clear() {
    this.svg.replaceChildren()
    this.groups.clear()
    this.dim = null
    this.scene = null
    this.looks = []
  }
}

/** @typedef {{row: number, x: number, y: number}} Dot in pixels of its map's area */

/** A path for each colour: a few hundred elements, where one a dot would be thousands. @param {Dot[]} dots @param {(row: number) => string} tint @param {number} opacity */
export function paths(dots, tint, opacity) {
  /** @type {Map<string, string>} */
  const lines = new Map()
  for (const { row, x, y } of dots) {
    const colour = tint(row)
    lines.set(colour, `${lines.get(colour) ?? ""}M${x.toFixed(1)} ${y.toFixed(1)}h0`)
  }
  return [...lines].map(([stroke, d]) => make("path", { d, stroke, opacity }))
}

/** @param {Backdrop} picture @param {Projection | null} view */
export function backdrop({ source, x, y, sizex, sizey }, view) {
  const [left, top] = view?.project([x, y]) ?? [0, 0]
  const [right, bottom] = view?.project([x + sizex, y - sizey]) ?? [0, 0]
  return make("image", { href: source, x: left, y: top, width: right - left, height: bottom - top, preserveAspectRatio: "none" })
}

/** @param {string} name @param {Record<string, string | number>} attributes @returns {SVGElement} */
export function make(name, attributes) {
  const made = /** @type {SVGElement} */ (document.createElementNS(NS, name))
  set(made, attributes)
  return made
}

/** @param {Element} target @param {Record<string, string | number>} attributes */
function set(target, attributes) {
  for (const [name, value] of Object.entries(attributes)) target.setAttribute(name, String(value))
}

/** At most 3,000 rows, of each class its share. @param {Uint8Array} labels */
function stratified(labels) {
  const rows = [...labels.keys()].sort((a, b) => labels[a] - labels[b] || a - b)
  if (rows.length <= MOST) return rows
  return Array.from({ length: MOST }, (_, i) => rows[Math.floor((i * rows.length) / MOST)])
}
