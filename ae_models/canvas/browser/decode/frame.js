/** One small picture with a title, a note of fixed height and a tip; pixels drawn square, never smoothed. */
import { axisNames, reading } from "../shared/features.js"
import { chart, isVector, pictureSize } from "../shared/vectors.js"
import { element, write } from "../shared/text.js"

/** @import {Shape} from "../shared/browsertypes.js" */

/** @type {Record<string, string>} */
const MARKS = { good: "✓", warn: "!" }
let count = 0

export class Frame {
  constructor() {
    this.root = element("figure", "ll-picture")
    this.box = element("div", "ll-frame")
    this.canvas = document.createElement("canvas")
    this.canvas.setAttribute("role", "img")
    this.words = element("figcaption", "ll-words")
    this.title = element("span", "ll-picture-title")
    this.note = element("span", "ll-picture-note")
    this.mark = element("span", "ll-mark")
    this.mark.setAttribute("aria-hidden", "true")
    this.text = element("span", "")
    this.tip = element("span", "ll-tip")
    this.tip.setAttribute("role", "tooltip")
    this.tip.id = `ll-tip-${++count}`
    this.note.append(this.mark, this.text)
    this.words.append(this.title, this.note)
    this.box.append(this.canvas)
    this.root.append(this.box, this.words, this.tip)
    this.label = ""
    /** What the last picture was made of, for whoever paints only what differs. */
    this.drawn = ""
    /** @type {{context: CanvasRenderingContext2D, image: ImageData} | null} */
    this.brush = null
    this.told = "" // the tip, where nobody points at a number
    /** @type {{values: ArrayLike<number>, start: number, n: number, levels: number} | null} the row of numbers that is drawn */
    this.row = null
    this.axis = element("div", "ll-axis")
    this.axis.setAttribute("aria-hidden", "true")
    this.box.append(this.axis)
    this.canvas.addEventListener("pointermove", ({ clientX }) => this.#read(clientX))
    this.canvas.addEventListener("pointerleave", () => write(this.tip, this.told))
  }

  /** Say which number of a row is pointed at, and its value. @param {number} x */
  #read(x) {
    if (!this.row) return
    const { left, width, height } = this.canvas.getBoundingClientRect()
    const scale = Math.min(width / this.canvas.width, height / this.canvas.height)
    const drawn = this.canvas.width * scale // it lies in the middle of its square
    const { values, start, n, levels } = this.row
    write(this.tip, reading(values, start, n, levels, (x - left - (width - drawn) / 2) / drawn))
  }

  /** Names at the axis, where a row has few numbers. @param {number} n */
  #name(n) {
    const names = axisNames(n)
    const key = JSON.stringify(names)
    if (this.axis.dataset.names === key) return
    this.axis.dataset.names = key
    this.axis.replaceChildren(...names.map((name) => element("span", "", name)))
  }

  /**
   * @param {{title: string, note: string, tip: string, mark?: string}} words
   */
  say({ title, note, tip, mark = "" }) {
    if (this.canvas.dataset.picture !== title) this.canvas.dataset.picture = title
    write(this.title, title)
    write(this.text, note)
    if (tip !== this.told) write(this.tip, (this.told = tip))
    write(this.mark, MARKS[mark] ?? "")
    this.mark.dataset.mark = mark
    const label = [title, note].filter(Boolean).join(", ") || "Picture"
    if (label !== this.label) this.canvas.setAttribute("aria-label", (this.label = label))
    if (tip) {
      this.root.tabIndex = 0
      this.root.setAttribute("aria-describedby", this.tip.id)
    } else {
      this.root.removeAttribute("tabindex")
      this.root.removeAttribute("aria-describedby")
    }
  }

  /**
   * Values in [0, 1] (others are clipped) or bytes. Grey is ink on paper in the light theme and light on black in the
   * dark one; three channels are colours and shown as they are.
   * @param {ArrayLike<number>} values channel after channel, row after row
   * @param {number} start where the picture begins in them
   * @param {Shape} shape
   * @param {number} levels the value that means 1
   * @param {boolean} dark
   */
  paint(values, start, shape, levels, dark) {
    const { canvas } = this
    const { width, height } = pictureSize(shape)
    if (this.brush?.image.width !== width || this.brush.image.height !== height) {
      Object.assign(canvas, { width, height })
      canvas.dataset.chart = String(isVector(shape))
      const context = pen(canvas)
      this.brush = { context, image: context.createImageData(width, height) }
    }
    this.row = isVector(shape) ? { values, start, n: shape[2], levels } : null
    this.#name(this.row ? shape[2] : 0)
    const { context, image } = this.brush
    fill(image.data, values, start, shape, levels, dark)
    context.putImageData(image, 0, 0)
    canvas.dataset.empty = "false"
  }

  /** Nothing to show. */
  clear() {
    if (this.canvas.dataset.empty === "true") return
    this.canvas.dataset.empty = "true"
    this.row = null
    this.#name(0)
    this.canvas.width = this.canvas.height = 1
    this.brush = null
  }
}

/** @param {HTMLCanvasElement} canvas */
export function pen(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"))
}

/**
 * Write a picture into the pixels of an `ImageData` of `pictureSize(shape)`; a row of numbers becomes a chart.
 * @param {Uint8ClampedArray} pixels red, green, blue, alpha
 * @param {ArrayLike<number>} values
 * @param {number} start
 * @param {Shape} shape
 * @param {number} levels
 * @param {boolean} dark
 */
export function fill(pixels, values, start, shape, levels, dark) {
  const [channels, height, width] = shape
  if (isVector(shape)) return chart(pixels, values, start, width, levels, dark)
  const n = height * width
  const scale = 255 / levels
  const flip = channels < 3 && !dark
  const [green, blue] = channels < 3 ? [0, 0] : [n, 2 * n]
  for (let pixel = 0, at = start; pixel < n; pixel++, at++) {
    const to = 4 * pixel
    const [r, g, b] = [values[at] * scale, values[at + green] * scale, values[at + blue] * scale]
    pixels[to] = flip ? 255 - r : r // a clamped array rounds and clips
    pixels[to + 1] = flip ? 255 - g : g
    pixels[to + 2] = flip ? 255 - b : b
    pixels[to + 3] = 255
  }
}
