/** The map of codes as it forms: dots glide from where they were to where they are. */
import { bytes, halves } from "../shared/arrays.js"
import { paintOf } from "../painter/colouring.js"
import { DotMap } from "../painter/dot_map.js"
import { CLASS_COLOURS, readTheme } from "../shared/theme.js"
import { element, write } from "../shared/text.js"

/**
 * @typedef {object} Data
 * @property {number} n images
 * @property {number} width numbers of each that came
 * @property {string | null} points address of float16 (n, width)
 * @property {string} labels address of uint8 (n,); 255: no class
 * @property {string[]} class_names
 * @property {string[]} axes what the two coordinates are called; one for a code of one number
 * @property {number} height
 * @property {boolean} compact the dots alone
 * @property {boolean} equal one unit is as long on both axes
 */

/**
 * @typedef {object} Place where the dots and the edges are
 * @property {Float32Array} points x and y of each dot, one after the other
 * @property {number[]} edges left, right, low, top
 */

const GLIDE = 420 // ms
const ROOM = 0.06
const TAIL = 0.005
const SIZE = 0.8 // of the dots of a large map
const EVERY = Array.from({ length: 255 }, String) // class that a label may name

/** @type {WeakMap<Element, LiveMap>} */
const instances = new WeakMap()

/**
 * @param {object} component what Streamlit hands over
 * @param {HTMLElement} component.parentElement
 * @param {Data} component.data
 */
export function mount({ parentElement, data }) {
  let map = instances.get(parentElement)
  if (!map) {
    map = new LiveMap(parentElement)
    instances.set(parentElement, map)
  }
  const shown = map
  const turn = (shown.turn += 1)
  shown.update(data)
  return () => {
    if (shown.turn !== turn) return // see canvas.js
    instances.delete(parentElement)
    shown.end()
  }
}

class LiveMap {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.turn = 0
    this.shown = ""
    this.names = ""
    this.equal = false
    this.versions = 0
    this.frame = 0
    this.began = 0
    /** @type {Place | null} */
    this.target = null
    /** @type {Place | null} */
    this.source = null
    /** @type {Uint8Array} */
    this.labels = new Uint8Array()
    this.root = element("div", "ll-livemap")
    this.theme = readTheme(parent)
    this.area = element("div", "ll-livemap-area")
    this.area.setAttribute("role", "img")
    this.dots = new DotMap(SIZE)
    this.area.append(this.dots.canvas)
    this.across = element("span", "ll-livemap-axis")
    this.up = element("span", "ll-livemap-axis")
    this.wait = element("span", "ll-livemap-wait", "The map appears with the first steps.")
    this.legend = element("div", "ll-livemap-legend")
    this.root.append(this.area, this.up, this.across, this.wait, this.legend)
    parent.append(this.root)
    parent.querySelector(".ll-hold-live_map")?.remove()
    this.sized = new ResizeObserver(() => this.draw())
    this.sized.observe(this.area)
  }

  /** @param {Data} data */
  async update(data) {
    this.theme = readTheme(this.root)
    this.root.dataset.compact = String(data.compact)
    this.equal = data.equal
    this.area.style.height = `${data.height}px`
    this.area.setAttribute("aria-label", `Map of ${data.n} dots`)
    write(this.across, data.axes[0] ? `${data.axes[0]} →` : "")
    write(this.up, data.axes.length === 1 ? "spread only" : data.axes[1] ? `${data.axes[1]} ↑` : "")
    this.name(data.class_names)
    this.wait.hidden = data.points !== null
    const key = `${data.points} ${data.labels}`
    if (data.points === null || key === this.shown) return this.draw()
    this.shown = key
    try {
      const [values, labels] = await Promise.all([halves(data.points, data.n * data.width), bytes(data.labels, data.n)])
      if (key === this.shown) this.glideTo(placed(values, data.n, data.width), labels)
    } catch {
      this.shown = "" // the next update tries again
    }
  }

  /** @param {string[]} names of the classes: text, never markup */
  name(names) {
    if (names.join("\n") === this.names) return
    this.names = names.join("\n")
    const chips = names.map((name, place) => {
      const chip = element("span", "ll-livemap-chip", name)
      chip.style.setProperty("--dot", CLASS_COLOURS[place % CLASS_COLOURS.length])
      return chip
    })
    this.legend.replaceChildren(...chips)
  }

  /**
   * @param {Float32Array} points
   * @param {Uint8Array} labels
   */
  glideTo(points, labels) {
    const still = document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches
    const same = this.target?.points.length === points.length
    const here = same && !still ? this.now() : null
    this.labels = labels
    this.target = { points, edges: edges(points) }
    this.source = here
    this.began = performance.now()
    this.root.dataset.ready = "true"
    this.versions += 1
    this.root.dataset.version = String(this.versions)
    this.tick()
  }

  tick() {
    cancelAnimationFrame(this.frame)
    this.draw()
    if (this.source && performance.now() - this.began < GLIDE) this.frame = requestAnimationFrame(() => this.tick())
  }

  /**
   * Where the dots and the edges are now.
   * @returns {Place | null}
   */
  now() {
    const { target, source } = this
    const share = (performance.now() - this.began) / GLIDE
    if (!target || !source || share >= 1) return target
    const eased = 1 - (1 - share) ** 3
    const mix = (/** @type {number} */ from, /** @type {number} */ to) => from + (to - from) * eased
    return {
      points: target.points.map((value, place) => mix(source.points[place], value)),
      edges: target.edges.map((value, place) => mix(source.edges[place], value)),
    }
  }

  draw() {
    const place = this.now()
    const { clientWidth: width, clientHeight: height } = this.area
    if (!place || !width || !height) return
    const [left, right, low, top] = this.equal ? squared(place.edges, width / height) : place.edges
    const n = this.labels.length
    const column = (/** @type {number} */ axis) => Float32Array.from({ length: n }, (_, row) => place.points[2 * row + axis])
    const ends = /** @type {[number, number][]} */ ([[left, right], [low, top]])
    this.dots.lay({ left: 0, top: 0, width, height })
    this.dots.colour({ ...paintOf({ labels: this.labels, data: { class_names: EVERY } }, this.theme, null), panel: this.theme.paper })
    this.dots.show({ dim: 2, points: { columns: [column(0), column(1)], ranges: ends, bulk: ends }, hidden: new Uint8Array(n), preserve: false })
    this.dots.look = [left, right, low, top]
    this.dots.paint()
  }

  end() {
    cancelAnimationFrame(this.frame)
    this.sized.disconnect()
    this.root.remove()
  }
}

/**
 * Two numbers a dot: the first two of a code; one of one number is spread out so that dots do not hide one another.
 * @param {Float32Array} values
 * @param {number} n
 * @param {number} width
 */
function placed(values, n, width) {
  const points = new Float32Array(2 * n)
  for (let row = 0; row < n; row++) {
    points[2 * row] = values[row * width]
    points[2 * row + 1] = width > 1 ? values[row * width + 1] : ((row * 0.61803398875) % 1) - 0.5
  }
  return points
}

/**
 * Edges as wide for their height as the place is, around the same middle.
 * @param {number[]} edges
 * @param {number} aspect width by height
 */
function squared([left, right, low, top], aspect) {
  const half = Math.max((right - left) / aspect, top - low) / 2
  const [x, y] = [(left + right) / 2, (low + top) / 2]
  return [x - half * aspect, x + half * aspect, y - half, y + half]
}

/**
 * Left, right, low, top: 99 % of the dots, and room.
 * @param {Float32Array} points
 */
function edges(points) {
  return [0, 1].flatMap((axis) => {
    const sorted = points.filter((value, place) => place % 2 === axis && Number.isFinite(value)).sort()
    if (!sorted.length) return [-1, 1]
    const at = (/** @type {number} */ share) => sorted[Math.round(share * (sorted.length - 1))]
    const [low, high] = [at(TAIL), at(1 - TAIL)]
    const room = Math.max(ROOM * (high - low), 1e-6)
    return [low - room, high + room]
  })
}
