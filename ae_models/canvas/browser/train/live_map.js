/** The map of codes as it forms: dots glide from where they were to where they are. */
import { bytes, halves } from "../shared/arrays.js"
import { CLASS_COLOURS, NO_CLASS, readTheme } from "../shared/theme.js"
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
const MANY = 1000 // dots: smaller ones

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
    this.canvas = document.createElement("canvas")
    this.canvas.setAttribute("role", "img")
    this.across = element("span", "ll-livemap-axis")
    this.up = element("span", "ll-livemap-axis")
    this.wait = element("span", "ll-livemap-wait", "The map appears with the first steps.")
    this.legend = element("div", "ll-livemap-legend")
    this.root.append(this.canvas, this.up, this.across, this.wait, this.legend)
    parent.append(this.root)
    parent.querySelector(".ll-hold-live_map")?.remove()
    this.sized = new ResizeObserver(() => this.draw())
    this.sized.observe(this.canvas)
  }

  /** @param {Data} data */
  async update(data) {
    this.theme = readTheme(this.root)
    this.root.dataset.compact = String(data.compact)
    this.equal = data.equal
    this.canvas.style.height = `${data.height}px`
    this.canvas.setAttribute("aria-label", `Map of ${data.n} dots`)
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
    const context = this.canvas.getContext("2d")
    if (!place || !context) return
    const { canvas, labels } = this
    const [wide, high, dense] = [canvas.clientWidth, canvas.clientHeight, devicePixelRatio || 1]
    if (!wide || !high) return
    if (canvas.width !== Math.round(wide * dense) || canvas.height !== Math.round(high * dense)) {
      canvas.width = Math.round(wide * dense)
      canvas.height = Math.round(high * dense)
    }
    const { points } = place
    const [left, right, low, top] = this.equal ? squared(place.edges, wide / high) : place.edges
    const radius = labels.length > MANY || this.root.dataset.compact === "true" ? 1.8 : 2.6
    context.setTransform(dense, 0, 0, dense, 0, 0)
    context.clearRect(0, 0, wide, high)
    context.globalAlpha = 0.8
    for (let colour = 0; colour <= NO_CLASS; colour++) {
      context.fillStyle = CLASS_COLOURS[colour] ?? this.theme.neutral
      context.beginPath()
      for (let row = 0; row < labels.length; row++) {
        if ((labels[row] === 255 ? NO_CLASS : labels[row] % NO_CLASS) !== colour) continue
        const x = ((points[2 * row] - left) / (right - left)) * wide
        const y = high - ((points[2 * row + 1] - low) / (top - low)) * high
        context.moveTo(x + radius, y)
        context.arc(x, y, radius, 0, 2 * Math.PI)
      }
      context.fill()
    }
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
