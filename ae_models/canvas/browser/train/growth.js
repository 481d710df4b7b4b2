/** The same few images again and again: originals above, and below them what the network made of them at a moment. */
import { bytes } from "../shared/arrays.js"
import { readTheme } from "../shared/theme.js"
import { kindOf } from "../kinds/kinds.js"
import { element, write } from "../shared/text.js"

/** @typedef {[number, number, number]} Shape channels, height, width */

/**
 * @typedef {object} Data
 * @property {number} n images
 * @property {Shape} shape of the originals and of what is drawn
 * @property {Shape} seen_shape of what the network sees
 * @property {string} wanted address of uint8 (n, ...shape)
 * @property {string | null} seen address of uint8 (n, ...seen_shape), where that is something else
 * @property {[number, string][]} frames epoch and address of uint8 (n, ...shape), oldest first
 * @property {string[]} names of the images
 * @property {number} n_epochs
 */

/**
 * @typedef {object} Row
 * @property {HTMLCanvasElement[]} canvases
 * @property {string} key what is drawn in them, or on its way
 */

/** @type {WeakMap<Element, Growth>} */
const instances = new WeakMap()

/**
 * @param {object} component what Streamlit hands over
 * @param {HTMLElement} component.parentElement
 * @param {Data} component.data
 */
export function mount({ parentElement, data }) {
  let growth = instances.get(parentElement)
  if (!growth) {
    growth = new Growth(parentElement, data)
    instances.set(parentElement, growth)
  }
  const shown = growth
  const turn = (shown.turn += 1)
  shown.update(data)
  return () => {
    if (shown.turn !== turn) return // see canvas.js
    instances.delete(parentElement)
    shown.root.remove()
  }
}

class Growth {
  /**
   * @param {HTMLElement} parent
   * @param {Data} data
   */
  constructor(parent, data) {
    this.turn = 0
    this.data = data
    this.dark = false
    /** @type {string | null} the address of the moment that is looked back at; null: the newest */
    this.back = null
    /** @type {Map<string, Row>} by what the row is called */
    this.rows = new Map()
    this.root = element("div", "ll-growth")
    this.grid = element("div", "ll-growth-rows")
    this.scrub = element("label", "ll-growth-scrub")
    this.when = element("span", "ll-growth-when")
    this.slider = document.createElement("input")
    this.slider.type = "range"
    this.slider.min = "0"
    this.slider.setAttribute("aria-label", "Moment of the training")
    this.slider.addEventListener("input", () => this.scrubbed())
    this.scrub.append(this.slider, this.when)
    this.root.append(this.grid, this.scrub)
    parent.append(this.root)
    parent.querySelector(".ll-hold-growth")?.remove()
  }

  /** @param {Data} data */
  update(data) {
    this.data = data
    this.dark = readTheme(this.root).dark
    this.root.dataset.theme = this.dark ? "dark" : "light"
    const names = ["Original", ...(data.seen ? ["It sees"] : []), "It draws"]
    if ([...this.rows.keys()].join() !== names.join()) this.build(names)
    this.paint("Original", data.wanted, data.shape)
    if (data.seen) this.paint("It sees", data.seen, data.seen_shape)
    this.show()
  }

  /** @param {string[]} names of the rows */
  build(names) {
    const { n, names: images } = this.data
    this.rows.clear()
    this.grid.replaceChildren()
    this.grid.style.setProperty("--n", String(n))
    for (const name of names) {
      this.grid.append(element("span", "ll-growth-name", name))
      const canvases = images.slice(0, n).map((image) => {
        const canvas = document.createElement("canvas")
        canvas.setAttribute("role", "img")
        canvas.setAttribute("aria-label", `${name}: ${image}`)
        canvas.title = image
        canvas.dataset.picture = name
        const frame = element("div", "ll-frame")
        frame.append(canvas)
        this.grid.append(frame)
        return canvas
      })
      this.rows.set(name, { canvases, key: "" })
    }
  }

  scrubbed() {
    const place = Number(this.slider.value)
    const { frames } = this.data
    this.back = place >= frames.length - 1 ? null : frames[place][1]
    this.show()
  }

  /** Draw the moment that is looked at. */
  show() {
    const { frames, n_epochs, shape } = this.data
    let place = frames.findIndex(([, url]) => url === this.back)
    if (place < 0) {
      this.back = null
      place = frames.length - 1
    }
    this.scrub.dataset.idle = String(frames.length < 2)
    this.slider.max = String(Math.max(1, frames.length - 1))
    this.slider.value = String(Math.max(0, place))
    if (place < 0) return write(this.when, "nothing drawn yet")
    const [epoch, url] = frames[place]
    write(this.when, `epoch ${epoch.toFixed(1)} of ${n_epochs}${this.back ? "" : ", the newest"}`)
    this.paint("It draws", url, shape)
  }

  /**
   * @param {string} name of the row
   * @param {string} url
   * @param {Shape} shape
   */
  async paint(name, url, shape) {
    const row = this.rows.get(name)
    const key = `${url} ${this.dark}`
    if (!row || row.key === key) return
    row.key = key
    const size = shape[0] * shape[1] * shape[2]
    try {
      const values = await bytes(url, size * row.canvases.length)
      if (row.key !== key) return // another moment was asked for meanwhile
      row.canvases.forEach((canvas, place) => draw(canvas, values, place * size, shape, this.dark))
      this.root.dataset.ready = "true"
    } catch {
      row.key = "" // the next update tries again
    }
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} values
 * @param {number} start where the picture begins in them
 * @param {Shape} shape
 * @param {boolean} dark
 */
function draw(canvas, values, start, shape, dark) {
  const kind = kindOf(shape)
  const { height, width } = kind.size(shape)
  canvas.dataset.chart = String(kind.isChart)
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height]
  const context = canvas.getContext("2d")
  if (!context) return
  const image = context.createImageData(width, height)
  kind.fill(image.data, values, start, shape, 255, dark)
  context.putImageData(image, 0, 0)
}
