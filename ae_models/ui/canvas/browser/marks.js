/**
 * What lies over the maps: the ring of the pinned image, and the cross where the sliders stand.
 *
 * Drawn in SVG above Plotly's canvas: moving one costs a few attributes, where moving a trace would send every dot to
 * the graphics card again. In three dimensions both are placed with the camera that Plotly last drew with.
 */
import { numbered } from "./figure.js"
import { shortName, write } from "./words.js"

const NS = "http://www.w3.org/2000/svg"
const ARM = 9 // half the small cross, in pixels
const GAP = 3 // left open at its middle: the spot itself stays visible
const COMPASS = 26 // how long the compass's needles are, in pixels

/** @typedef {(point: number[]) => [number, number] | null} Project from a map's numbers to its pixels */

export class Marks {
  constructor() {
    this.root = node("svg", "ll-marks")
    this.root.setAttribute("aria-hidden", "true")
    /** @type {{box: SVGElement, lines: SVGElement[], cross: SVGElement[], ring: SVGElement[]}[]} */
    this.maps = []
  }

  /** @param {{ring: number[] | null, cross: number[] | null, axes: string[]}[]} spots one a panel */
  set(spots) {
    this.spots = spots
    while (this.maps.length < spots.length) this.maps.push(this.#make())
    while (this.maps.length > spots.length) this.maps.pop().box.remove()
  }

  /**
   * Put every mark where it belongs now.
   * @param {any} figure Plotly's element
   * @param {import("./figure.js").Scene} scene
   * @param {{left: number, top: number, width: number, height: number}[]} places
   */
  draw(figure, scene, places) {
    this.maps.forEach((map, place) => {
      const at = places[place]
      const spot = this.spots[place]
      const project = scene.points[place] && at && projection(figure, place, scene.data.dim, at)
      box(map.box, project ? at : null)
      if (!project) return
      this.#ring(map, spot.ring && project(spot.ring))
      this.#cross(map, spot.cross, project, scene.points[place].ranges, at)
      this.#compass(map, spot.axes, project.turn, at)
    })
  }

  #make() {
    const box = node("svg", "ll-marks-map")
    const lines = [0, 1, 2].map(() => node("line", "ll-cross-line"))
    const cross = ["ll-cross ll-halo", "ll-cross"].map((name) => node("path", name))
    const ring = ["ll-ring ll-halo", "ll-ring"].map((name) => node("circle", name))
    ring.forEach((circle) => circle.setAttribute("r", "9"))
    const needles = [0, 1, 2].map(() => ({ line: node("line", "ll-needle"), name: node("text", "ll-needle-name") }))
    box.append(...needles.flatMap(({ line, name }) => [line, name]), ...lines, ...ring, ...cross)
    this.root.append(box)
    return { box, lines, cross, ring, needles }
  }

  #ring(map, spot) {
    for (const circle of map.ring) {
      circle.style.display = spot ? "" : "none"
      if (spot) attributes(circle, { cx: spot[0], cy: spot[1] })
    }
  }

  #cross(map, point, project, ranges, { width, height }) {
    const spot = point && project(point)
    for (const path of map.cross) {
      path.style.display = spot ? "" : "none"
      if (spot) path.setAttribute("d", plus(...spot))
    }
    map.lines.forEach((line, d) => {
      const ends = spot && d < point.length ? arms(point, d, spot, project, ranges, width, height) : null
      line.style.display = ends?.[0] && ends[1] ? "" : "none"
      if (ends?.[0] && ends[1]) attributes(line, { x1: ends[0][0], y1: ends[0][1], x2: ends[1][0], y2: ends[1][1] })
    })
  }

  /** In space: which way the axes point, in the corner. */
  #compass({ needles }, axes, turn, { height }) {
    const [x, y] = [COMPASS + 22, height - COMPASS - 16]
    needles.forEach(({ line, name }, d) => {
      const on = Boolean(turn && axes[d])
      line.style.display = name.style.display = on ? "" : "none"
      if (!on) return
      const [right, up] = turn(d)
      attributes(line, { x1: x, y1: y, x2: x + COMPASS * right, y2: y - COMPASS * up })
      attributes(name, { x: x + (COMPASS + 10) * right, y: y - (COMPASS + 10) * up })
      write(name, shortName(axes[d]))
    })
  }
}

/** The two ends of the hairline along one axis: across a flat map, through the box of a deep one. */
function arms(point, d, spot, project, ranges, width, height) {
  if (point.length === 2) return d === 0 ? [[0, spot[1]], [width, spot[1]]] : [[spot[0], 0], [spot[0], height]]
  return ranges[d].map((end) => project(point.map((value, i) => (i === d ? end : value))))
}

/**
 * How a map's numbers become pixels of its area, at this moment.
 * @returns {Project | null} null while Plotly has not drawn this map
 */
function projection(figure, place, dim, { width, height }) {
  const full = figure._fullLayout
  if (dim === 2) {
    const x = full?.[`xaxis${numbered(place)}`]
    const y = full?.[`yaxis${numbered(place)}`]
    if (!x?.range || !y?.range) return null
    return ([a, b]) => [share(a, x.range) * width, (1 - share(b, y.range)) * height]
  }
  const scene = full?.[`scene${numbered(place)}`]?._scene
  const camera = scene?.glplot?.cameraParams
  if (!camera) return null
  const project = (point) => {
    const scaled = [...point.map((value, d) => value * scene.dataScale[d]), 1]
    const [x, y, , w] = times(camera.projection, times(camera.view, times(camera.model, scaled)))
    return w > 0 ? [(0.5 + (0.5 * x) / w) * width, (0.5 - (0.5 * y) / w) * height] : null
  }
  project.turn = (d) => [camera.view[4 * d], camera.view[4 * d + 1]]
  return project
}

const share = (value, [low, high]) => (value - low) / (high - low)

/** A 4 by 4 matrix, column after column, times a vector. */
const times = (matrix, vector) =>
  [0, 1, 2, 3].map((row) => vector.reduce((sum, value, column) => sum + matrix[4 * column + row] * value, 0))

const plus = (x, y) =>
  `M${x - ARM} ${y}H${x - GAP}M${x + GAP} ${y}H${x + ARM}M${x} ${y - ARM}V${y - GAP}M${x} ${y + GAP}V${y + ARM}`

function node(name, className) {
  const made = document.createElementNS(NS, name)
  made.setAttribute("class", className)
  return made
}

function attributes(target, values) {
  for (const [name, value] of Object.entries(values)) target.setAttribute(name, value.toFixed(2))
}

function box(target, at) {
  target.style.display = at ? "" : "none"
  if (at) attributes(target, { x: at.left, y: at.top, width: at.width, height: at.height })
}
