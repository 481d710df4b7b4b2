/** One small picture with a title, a note of fixed height and a tip; pixels drawn square, never smoothed. */
import { kindOf } from "../kinds/kinds.js"
import { element, write } from "../shared/text.js"

/** @import {Kind, Shape} from "../shared/browsertypes.js" */

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
    /** @type {{kind: Kind, values: ArrayLike<number>, start: number, shape: Shape, levels: number} | null} what is drawn */
    this.sample = null
    this.axis = element("div", "ll-axis")
    this.axis.setAttribute("aria-hidden", "true")
    this.box.append(this.axis)
    this.canvas.addEventListener("pointermove", ({ clientX }) => this.#read(clientX))
    this.canvas.addEventListener("pointerleave", () => write(this.tip, this.told))
  }

  /** Say which part of a sample is pointed at, and its value, for kinds that name their parts. @param {number} x */
  #read(x) {
    if (!this.sample) return
    const { kind, values, start, shape, levels } = this.sample
    if (!kind.reading) return
    const { left, width, height } = this.canvas.getBoundingClientRect()
    const scale = Math.min(width / this.canvas.width, height / this.canvas.height)
    const drawn = this.canvas.width * scale // it lies in the middle of its square
    write(this.tip, kind.reading(values, start, shape, levels, (x - left - (width - drawn) / 2) / drawn))
  }

  /** Names under the picture. @param {string[]} names */
  #name(names) {
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
    const kind = kindOf(shape)
    const { width, height } = kind.size(shape)
    if (this.brush?.image.width !== width || this.brush.image.height !== height) {
      Object.assign(canvas, { width, height })
      canvas.dataset.chart = String(kind.isChart)
      const context = pen(canvas)
      this.brush = { context, image: context.createImageData(width, height) }
    }
    this.sample = { kind, values, start, shape, levels }
    this.#name(kind.axis(shape))
    const { context, image } = this.brush
    kind.fill(image.data, values, start, shape, levels, dark)
    context.putImageData(image, 0, 0)
    canvas.dataset.empty = "false"
  }

  /** Nothing to show. */
  clear() {
    if (this.canvas.dataset.empty === "true") return
    this.canvas.dataset.empty = "true"
    this.sample = null
    this.#name([])
    this.canvas.width = this.canvas.height = 1
    this.brush = null
  }
}

/** @param {HTMLCanvasElement} canvas */
export function pen(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"))
}
