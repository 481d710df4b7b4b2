/** What is made of a drawing: what the encoder sees, what each decoder draws, real images like it, and a verdict. */
import { Frame } from "../decode/frame.js"
import { element, named, write } from "../shared/text.js"

/** @import {LoadedSheet} from "../shared/browsertypes.js" */
/** @import {DrawPayload, Reader} from "../shared/types.js" */
/** @import {Found} from "./readers.js" */

const NEAREST = 5
const USUAL = 0.95 // of the real images have a smaller error, at most: as in latent/support.py

/**
 * Whether an image is unlike the data, by its code or by its error: as ``is_unlike`` in latent/support.py.
 * @param {"on" | "gap" | "off"} verdict of its code
 * @param {number | null} worse share of the real images with a smaller error
 */
export function isUnlike(verdict, worse) {
  return verdict !== "on" || (worse !== null && worse > USUAL)
}

export class Readings {
  constructor() {
    this.root = element("section", "ll-draw-strip")
    this.seen = new Frame()
    /** @type {Map<string, Frame>} */
    this.frames = new Map()
    this.near = Array.from({ length: NEAREST }, () => new Frame())
    this.badge = element("span", "ll-badge")
    this.words = element("p", "ll-draw-verdict")
    this.words.setAttribute("role", "status")
    this.drawn = element("div", "ll-draw-drawn")
    const real = element("div", "ll-draw-real")
    real.append(...this.near.map(({ root }) => root))
    const judged = element("div", "ll-draw-judged")
    judged.append(this.badge, this.words)
    this.root.append(this.drawn, judged, element("h3", "ll-wall-title", "Real images most like it"), real)
  }

  /** @param {string[]} keys of the readers */
  arrange(keys) {
    this.frames = new Map(keys.map((key) => [key, this.frames.get(key) ?? new Frame()]))
    this.drawn.replaceChildren(this.seen.root, ...[...this.frames.values()].map(({ root }) => root))
  }

  /** @param {Float32Array} image @param {DrawPayload} data @param {boolean} dark */
  see(image, data, dark) {
    this.seen.say({ title: "It sees", note: "centred as the data’s own images are", tip: "" })
    this.seen.paint(image, 0, data.shape, 1, dark)
  }

  /** @param {Reader} reader @param {Found} found @param {DrawPayload} data @param {boolean} dark */
  show({ key, title, output_shape }, { error, image }, { error_tip }, dark) {
    const frame = this.frames.get(key)
    const note = error === null ? "" : `error ${error.toFixed(1)}`
    frame?.say({ title: `${title} draws`, note, tip: error_tip })
    frame?.paint(image, 0, output_shape, 1, dark)
  }

  /**
   * @param {{rows: number[], distances: number[]} | null} like
   * @param {LoadedSheet} sheet
   * @param {(row: number) => string} name
   * @param {boolean} dark
   */
  liken(like, sheet, name, dark) {
    const size = sheet.shape.reduce((a, b) => a * b)
    this.near.forEach((frame, place) => {
      const row = like?.rows[place]
      frame.root.hidden = row === undefined
      if (row === undefined) return
      frame.say({ title: name(row), note: `${like?.distances[place].toFixed(2)} away`, tip: "Euclidean distance, in pixels." })
      frame.paint(sheet.bytes, row * size, sheet.shape, sheet.levels, dark)
    })
  }

  /**
   * @param {Found} found of the autoencoder
   * @param {boolean} real the drawing is one of the real images, pixel for pixel
   * @returns {string} the verdict: both its code and its error have to be as usual
   */
  judge({ verdict, worse }, real) {
    const text = !real && isUnlike(verdict, worse) ? "unlike the data" : "on the data"
    this.badge.dataset.mark = text === "on the data" ? "good" : "warn"
    write(this.badge, text)
    const place = { on: "among those", gap: "in a gap between those", off: "far from those" }[verdict]
    const whose = worse === 1 ? "all of them" : `${Math.floor(100 * (worse ?? 0))} % of them`
    const code = real ? "It is one of the real images" : `Its code lies ${place} of real images`
    const error = worse === null ? ". " : `; its error is larger than that of ${whose}. `
    const why = text === "on the data" ? "" : "An autoencoder knows its own data only: what it draws of anything else is a guess."
    write(this.words, code + error + why)
    return text
  }

  /** There is nothing on the sheet. @param {Reader[]} readers */
  blank(readers) {
    this.seen.say({ title: "It sees", note: "nothing yet", tip: "" })
    this.seen.clear()
    for (const { key, title } of readers) {
      this.frames.get(key)?.say({ title: `${title} draws`, note: "", tip: "" })
      this.frames.get(key)?.clear()
    }
    for (const frame of this.near) frame.root.hidden = true
    write(this.badge, "blank")
    this.badge.dataset.mark = ""
    write(this.words, "Draw something on the sheet, or take an image file.")
  }
}

/** @param {Int32Array} ids @param {Uint8Array} labels @param {string[]} names */
export function namer(ids, labels, names) {
  return (/** @type {number} */ row) => named(ids[row], names[labels[row]])
}
