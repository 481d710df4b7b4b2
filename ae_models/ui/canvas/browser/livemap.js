/** The map of codes as it forms: dots glide from where they were to where they are. */
import { halves, bytes } from "./arrays.js"
import { CLASS_COLOURS, readTheme } from "./theme.js"
import { element, write } from "./words.js"

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
 */

const GLIDE = 420 // ms
const ROOM = 0.06
const TAIL = 0.005

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
  map.turn += 1
  map.update(data)
  const { turn } = map
  return () => {
    if (map.turn !== turn) return // see canvas.js
    instances.delete(parentElement)
    map.end()
  }
}

class LiveMap {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.turn = 0
    this.shown = ""
    this.root = element("div", "ll-livemap")
    this.canvas = document.createElement("canvas")
    this.canvas.setAttribute("role", "img")
    this.across = element("span", "ll-livemap-axis")
    this.up = element("span", "ll-livemap-axis")
    this.wait = element("span", "ll-livemap-wait", "The map appears with the first steps.")
    this.legend = element("div", "ll-livemap-legend")
    this.root.append(this.canvas, this.up, this.across, this.wait, this.legend)
    parent.append(this.root)
    parent.querySelector(".ll-hold-livemap")?.remove()
    this.sized = new ResizeObserver(() => this.draw())
    this.sized.observe(this.canvas)
  }

  /** @param {Data} data */
  async update(data) {
    this.theme = readTheme(this.root)
    this.root.dataset.compact = String(data.compact)
    this.canvas.style.height = `${data.height}px`
    this.canvas.setAttribute("aria-label", `Map of ${data.n} held-out images, by ${data.axes.join(" and ")}`)
    write(this.across, `${data.axes[0] ?? ""} →`)
    write(this.up, data.axes[1] ? `${data.axes[1]} ↑` : "spread only")
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

  name(names) {
    if (names.join("\n") === this.named) return
    this.named = names.join("\n")
    this.legend.replaceChildren(
      ...names.map((name, place) => {
        const chip = element("span", "ll-livemap-chip", name)
        chip.style.setProperty("--dot", CLASS_COLOURS[place % CLASS_COLOURS.length])
        return chip
      }),
    )
  }

  /** @param {Float32Array} points x and y of each, one after the other */
  glideTo(points, labels) {
    this.labels = labels
    const here = this.target && this.target.points.length === points.length ? this.between(performance.now()) : null
    this.target = { points, view: view(points) }
    this.source = here
    this.began = performance.now()
    this.root.dataset.ready = "true"
    this.root.dataset.version = String(Number(this.root.dataset.version ?? 0) + 1)
    if (!here || document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.source = null
      return this.draw()
    }
    this.tick()
  }

  tick() {
    cancelAnimationFrame(this.frame)
    this.draw()
    if (performance.now() - this.began < GLIDE) this.frame = requestAnimationFrame(() => this.tick())
  }

  /** Where the dots and the edges are at a time. */
  between(now) {
    const { target, source } = this
    const share = source ? Math.min(1, (now - this.began) / GLIDE) : 1
    if (share === 1) return target
    const eased = 1 - (1 - share) ** 3
    const mix = (a, b) => a + (b - a) * eased
    return {
      points: target.points.map((value, place) => mix(source.points[place], value)),
      view: target.view.map((value, place) => mix(source.view[place], value)),
    }
  }

  draw() {
    if (!this.target) return
    const { canvas, theme, labels } = this
    const [wide, high, dense] = [canvas.clientWidth, canvas.clientHeight, devicePixelRatio || 1]
    if (!wide || !high) return
    if (canvas.width !== Math.round(wide * dense) || canvas.height !== Math.round(high * dense)) {
      canvas.width = Math.round(wide * dense)
      canvas.height = Math.round(high * dense)
    }
    const context = canvas.getContext("2d")
    const { points, view: edges } = this.between(performance.now())
    const [left, right, low, top] = edges
    context.setTransform(dense, 0, 0, dense, 0, 0)
    context.clearRect(0, 0, wide, high)
    context.globalAlpha = 0.8
    const radius = labels.length > 1000 || this.root.dataset.compact === "true" ? 1.8 : 2.6
    for (let colour = 0; colour <= CLASS_COLOURS.length; colour++) {
      context.fillStyle = CLASS_COLOURS[colour] ?? theme.neutral
      context.beginPath()
      for (let row = 0; row < labels.length; row++) {
        const own = labels[row] === 255 ? CLASS_COLOURS.length : labels[row] % CLASS_COLOURS.length
        if (own !== colour) continue
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

/** Two numbers a dot: the first two of a code; one of one number is spread out so that dots do not hide one another. */
function placed(values, n, width) {
  const points = new Float32Array(2 * n)
  for (let row = 0; row < n; row++) {
    points[2 * row] = values[row * width]
    points[2 * row + 1] = width > 1 ? values[row * width + 1] : ((row * 0.61803398875) % 1) - 0.5
  }
  return points
}

/** Left, right, low, top: 99 % of the dots, and room. */
function view(points) {
  return [0, 1].flatMap((axis) => {
    const sorted = points.filter((value, place) => place % 2 === axis && Number.isFinite(value)).sort()
    if (!sorted.length) return [-1, 1]
    const at = (share) => sorted[Math.round(share * (sorted.length - 1))]
    const [low, high] = [at(TAIL), at(1 - TAIL)]
    const room = Math.max(ROOM * (high - low), 1e-6)
    return [low - room, high + room]
  })
}
