/**
 * What lies over the maps: rings, the cross where the sliders stand, ties to neighbours, a lasso, an ellipse, a plane.
 *
 * Drawn in SVG above Plotly's canvas: moving one costs a few attributes, where moving a trace would send every dot to
 * the graphics card again. In three dimensions all are placed with the camera that Plotly last drew with.
 */
import { shortName, write } from "../shared/text.js"

const NS = "http://www.w3.org/2000/svg"
const ARM = 9 // half the small cross, in pixels
const GAP = 3 // left open at its middle: the spot itself stays visible
const COMPASS = 26 // how long the compass's needles are, in pixels

/** @import {Pixel, Place, Projection, Spots} from "../shared/browsertypes.js" */
/** @typedef {ReturnType<typeof made>} Drawn what is drawn over one map */
/** @typedef {Projection["project"]} Project */

export class Marks {
  constructor() {
    this.root = node("svg", "ll-marks")
    this.root.setAttribute("aria-hidden", "true")
    /** @type {Drawn[]} */
    this.maps = []
    /** @type {Spots[]} */
    this.spots = []
  }

  /** @param {Spots[]} spots one a panel */
  set(spots) {
    this.spots = spots
    while (this.maps.length < spots.length) {
      const map = made()
      this.maps.push(map)
      this.root.append(map.box)
    }
    while (this.maps.length > spots.length) this.maps.pop()?.box.remove()
  }

  /**
   * Put every mark where it belongs now.
   * @param {(Projection | null)[]} seen how each map lies
   * @param {Place[]} places
   * @param {([number, number][] | undefined)[]} ranges of each map
   */
  draw(seen, places, ranges) {
    this.maps.forEach((map, place) => {
      const at = places[place]
      const spot = this.spots[place]
      const view = at && seen[place]
      box(map.box, view ? at : null)
      if (!view || !spot) return
      // A dot that a film does not follow is nowhere.
      /** @type {Project} */
      const project = (point) => {
        const found = view.project(point)
        return found && Number.isFinite(found[0] + found[1]) ? found : null
      }
      circles(map.ring, spot.ring && project(spot.ring))
      circles(map.lit, spot.lit && project(spot.lit))
      circles(map.other, spot.other && project(spot.other))
      cross(map, spot.cross, project, ranges[place] ?? [], at)
      compass(map, spot.axes, view.turn, at)
      ties(map.ties, spot, project)
      map.outline.setAttribute("d", path(spot.outline.map(project)))
      map.arrows.setAttribute("d", spot.arrows.map(([from, to]) => arrow(project(from), project(to))).join(""))
      map.chosen.setAttribute("d", spot.chosen.map((point) => dot(project(point))).join(""))
    })
  }

  /** @param {number} place @param {Pixel[]} line in pixels of the map's area */
  lasso(place, line) {
    this.maps.forEach((map, other) => map.lasso.setAttribute("d", other === place ? path(line) : ""))
  }
}

/** The elements of one map, nothing in them yet. */
function made() {
  const box = node("svg", "ll-marks-map")
  const lines = [0, 1, 2].map(() => node("line", "ll-cross-line"))
  const cross = ["ll-cross ll-halo", "ll-cross"].map((name) => node("path", name))
  const ring = rings("", 9)
  const lit = rings(" ll-lit", 7)
  const other = rings(" ll-other", 12)
  const ties = node("g", "ll-ties")
  const outline = node("path", "ll-outline")
  const lasso = node("path", "ll-lasso")
  const chosen = node("path", "ll-chosen")
  const arrows = node("path", "ll-arrows")
  const needles = [0, 1, 2].map(() => ({ line: node("line", "ll-needle"), name: node("text", "ll-needle-name") }))
  box.append(...needles.flatMap(({ line, name }) => [line, name]), outline, arrows, chosen, ties, ...lines, ...other, ...ring)
  box.append(...lit, ...cross, lasso)
  return { box, lines, cross, ring, lit, other, ties, outline, arrows, lasso, chosen, needles }
}

/**
 * Full: near here and near in the pictures. Dashed: near in the pictures only. A cross: near here only.
 * @param {SVGElement} group
 * @param {Spots} spots
 * @param {Project} project
 */
function ties(group, { ties, ring }, project) {
  const centre = ring && project(ring)
  const marks = centre ? ties : []
  while (group.childElementCount > marks.length) group.lastElementChild?.remove()
  while (group.childElementCount < marks.length) group.append(node("path", ""))
  marks.forEach(({ point, kind }, i) => {
    const spot = project(point)
    const mark = group.children[i]
    mark.setAttribute("class", `ll-tie ll-tie-${kind}`)
    mark.setAttribute("d", spot ? `M${centre}L${spot}${tieEnd(kind, spot)}` : "")
  })
}

/** @param {Drawn} map @param {number[] | null} point @param {Project} project @param {[number, number][]} ranges @param {Place} place */
function cross(map, point, project, ranges, { width, height }) {
  const spot = point && project(point)
  for (const line of map.cross) {
    line.style.display = spot ? "" : "none"
    if (spot) line.setAttribute("d", plus(...spot))
  }
  map.lines.forEach((line, d) => {
    const [from, to] = point && spot && d < point.length ? arms(point, d, spot, project, ranges, width, height) : [null, null]
    line.style.display = from && to ? "" : "none"
    if (from && to) attributes(line, { x1: from[0], y1: from[1], x2: to[0], y2: to[1] })
  })
}

/** In space: which way the axes point, in the corner. @param {Drawn} map @param {string[]} axes @param {Projection["turn"]} turn @param {Place} place */
function compass({ needles }, axes, turn, { height }) {
  const [x, y] = [COMPASS + 22, height - COMPASS - 16]
  needles.forEach(({ line, name }, d) => {
    const on = Boolean(turn && axes[d])
    line.style.display = name.style.display = on ? "" : "none"
    if (!turn || !on) return
    const [right, up] = turn(d)
    attributes(line, { x1: x, y1: y, x2: x + COMPASS * right, y2: y - COMPASS * up })
    attributes(name, { x: x + (COMPASS + 10) * right, y: y - (COMPASS + 10) * up })
    write(name, shortName(axes[d]))
  })
}

/**
 * The two ends of the hairline along one axis: across a flat map, through the box of a deep one.
 * @param {number[]} point
 * @param {number} d
 * @param {Pixel} spot where the point is
 * @param {Project} project
 * @param {[number, number][]} ranges
 * @param {number} width
 * @param {number} height
 * @returns {(Pixel | null)[]}
 */
function arms(point, d, spot, project, ranges, width, height) {
  if (point.length === 2) return d === 0 ? [[0, spot[1]], [width, spot[1]]] : [[spot[0], 0], [spot[0], height]]
  return ranges[d].map((end) => project(point.map((value, i) => (i === d ? end : value))))
}

const rings = (/** @type {string} */ kind, /** @type {number} */ radius) =>
  [`ll-ring ll-halo${kind}`, `ll-ring${kind}`].map((name) => {
    const circle = node("circle", name)
    circle.setAttribute("r", String(radius))
    return circle
  })

/** @param {SVGElement[]} pair @param {Pixel | null} spot */
function circles(pair, spot) {
  for (const circle of pair) {
    circle.style.display = spot ? "" : "none"
    if (spot) attributes(circle, { cx: spot[0], cy: spot[1] })
  }
}

const path = (/** @type {(Pixel | null)[]} */ line) =>
  line.length > 1 && line.every(Boolean) ? `M${line.map((spot) => spot?.map((v) => v.toFixed(1))).join("L")}Z` : ""

const dot = (/** @type {Pixel | null} */ spot) => (spot ? `M${spot[0].toFixed(1)} ${spot[1].toFixed(1)}h0` : "")

/** A shaft with a head; a point where both ends are one. @param {Pixel | null} from @param {Pixel | null} to */
function arrow(from, to) {
  if (!from || !to) return ""
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const length = Math.hypot(dx, dy)
  const start = `M${from[0].toFixed(1)} ${from[1].toFixed(1)}`
  if (length < 1.5) return `${start}h0`
  const head = Math.min(5, length / 2)
  const [x, y] = [dx / length, dy / length]
  const wing = (/** @type {number} */ side) =>
    `${(to[0] - head * (x + side * 0.6 * y)).toFixed(1)} ${(to[1] - head * (y - side * 0.6 * x)).toFixed(1)}`
  return `${start}L${to[0].toFixed(1)} ${to[1].toFixed(1)}M${wing(1)}L${to[0].toFixed(1)} ${to[1].toFixed(1)}L${wing(-1)}`
}

const tieEnd = (/** @type {string} */ kind, /** @type {Pixel} */ [x, y]) =>
  kind === "false" ? `M${x - 4} ${y - 4}l8 8m0-8l-8 8` : `M${x - 4} ${y}a4 4 0 1 0 8 0a4 4 0 1 0-8 0`

const plus = (/** @type {number} */ x, /** @type {number} */ y) =>
  `M${x - ARM} ${y}H${x - GAP}M${x + GAP} ${y}H${x + ARM}M${x} ${y - ARM}V${y - GAP}M${x} ${y + GAP}V${y + ARM}`

/** @param {string} name @param {string} className @returns {SVGElement} */
function node(name, className) {
  const element = /** @type {SVGElement} */ (document.createElementNS(NS, name))
  element.setAttribute("class", className)
  return element
}

/** @param {Element} target @param {Record<string, number>} values */
function attributes(target, values) {
  for (const [name, value] of Object.entries(values)) target.setAttribute(name, value.toFixed(2))
}

/** @param {SVGElement} target @param {Place | null | undefined} at */
function box(target, at) {
  target.style.display = at ? "" : "none"
  if (at) attributes(target, { x: at.left, y: at.top, width: at.width, height: at.height })
}
