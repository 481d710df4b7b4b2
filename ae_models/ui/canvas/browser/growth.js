/** The same few images, drawn better and better: originals above, and below them what the network made of them at a moment. */
import { bytes } from "./arrays.js"
import { fill } from "./frame.js"
import { readTheme } from "./theme.js"
import { element, write } from "./words.js"

/**
 * @typedef {object} Data
 * @property {number} n images
 * @property {[number, number, number]} shape channels, height, width of the originals and of what is drawn
 * @property {[number, number, number]} seen_shape of what the network sees
 * @property {string} wanted address of uint8 (n, ...shape)
 * @property {string | null} seen address of uint8 (n, ...seen_shape), where that is something else
 * @property {[number, string][]} frames epoch and address of uint8 (n, ...shape), oldest first
 * @property {string[]} names of the images
 * @property {number} n_epochs
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
    growth = new Growth(parentElement)
    instances.set(parentElement, growth)
  }
  growth.turn += 1
  growth.update(data)
  const { turn } = growth
  return () => {
    if (growth.turn !== turn) return // see canvas.js
    instances.delete(parentElement)
    growth.root.remove()
  }
}

class Growth {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.turn = 0
    /** @type {string | null} the address of the moment that is looked back at; null: the newest */
    this.back = null
    this.root = element("div", "ll-growth")
    this.rows = element("div", "ll-growth-rows")
    this.scrub = element("label", "ll-growth-scrub")
    this.when = element("span", "ll-growth-when")
    this.slider = document.createElement("input")
    this.slider.type = "range"
    this.slider.min = "0"
    this.slider.setAttribute("aria-label", "Moment of the training")
    this.slider.addEventListener("input", () => this.scrubbed())
    this.scrub.append(this.slider, this.when)
    this.root.append(this.rows, this.scrub)
    /** @type {Map<string, HTMLCanvasElement[]>} a row's name and its pictures */
    this.pictures = new Map()
    parent.append(this.root)
    parent.querySelector(".ll-hold-growth")?.remove()
  }

  /** @param {Data} data */
  update(data) {
    this.data = data
    this.dark = readTheme(this.root).dark
    this.root.dataset.theme = this.dark ? "dark" : "light"
    const names = ["Original", ...(data.seen ? ["It sees"] : []), "It draws"]
    if ([...this.pictures.keys()].join() !== names.join()) this.build(names, data)
    this.paint("Original", data.wanted, data.shape)
    if (data.seen) this.paint("It sees", data.seen, data.seen_shape)
    this.show()
  }

  build(names, { n, names: images }) {
    this.pictures.clear()
    this.rows.replaceChildren()
    this.rows.style.setProperty("--n", String(n))
    for (const name of names) {
      this.rows.append(element("span", "ll-growth-name", name))
      const made = images.slice(0, n).map((image) => {
        const frame = element("div", "ll-frame")
        const canvas = document.createElement("canvas")
        canvas.setAttribute("role", "img")
        canvas.setAttribute("aria-label", `${name}: ${image}`)
        canvas.title = image
        canvas.dataset.picture = name
        frame.append(canvas)
        this.rows.append(frame)
        return canvas
      })
      this.pictures.set(name, made)
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
    const { frames, n_epochs } = this.data
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
    this.paint("It draws", url, this.data.shape)
  }

  /** @param {string} name of the row */
  async paint(name, url, shape) {
    const canvases = this.pictures.get(name)
    const size = shape[0] * shape[1] * shape[2]
    const key = `${url} ${this.dark}`
    if (canvases.key === key) return
    canvases.key = key
    try {
      const values = await bytes(url, size * canvases.length)
      if (canvases.key !== key) return // another moment was asked for meanwhile
      canvases.forEach((canvas, place) => {
        if (canvas.width !== shape[2] || canvas.height !== shape[1]) [canvas.width, canvas.height] = [shape[2], shape[1]]
        const context = canvas.getContext("2d")
        const image = context.createImageData(shape[2], shape[1])
        fill(image.data, values, place * size, shape, 255, this.dark)
        context.putImageData(image, 0, 0)
      })
      this.root.dataset.ready = "true"
    } catch {
      canvases.key = "" // the next update tries again
    }
  }
}
