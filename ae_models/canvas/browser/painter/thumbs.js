/** Beyond a zoom, images instead of dots: where no more than a few lie on a flat map, there is room for them. */
import { pen } from "../decode/frame.js"
import { kindOf } from "../kinds/kinds.js"
import { element } from "../shared/text.js"

/** @import {LoadedSheet, Place, Projection, Scene} from "../shared/browsertypes.js" */
/** @typedef {{row: number, x: number, y: number}} Small where a picture goes */

const FEW = 140
const SIDE = 24 // pixels

export class Thumbs {
  constructor() {
    this.root = element("div", "ll-thumbs")
    this.root.setAttribute("aria-hidden", "true")
    /** @type {HTMLCanvasElement[]} one a map */
    this.sheets = []
  }

  /**
   * @param {(Projection | null)[]} seen
   * @param {Place[]} places
   * @param {Scene} scene
   * @param {LoadedSheet} sheet
   * @param {boolean} dark
   */
  draw(seen, places, scene, sheet, dark) {
    while (this.sheets.length < seen.length) this.sheets.push(this.root.appendChild(document.createElement("canvas")))
    seen.forEach((view, place) => {
      const canvas = this.sheets[place]
      const spots = view?.unproject && !(scene.data.n <= FEW) ? few(view, places[place], scene, place) : null
      canvas.hidden = !spots
      if (!spots) return
      const { left, top, width, height } = places[place]
      Object.assign(canvas.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` })
      Object.assign(canvas, { width, height })
      this.#paint(pen(canvas), spots, sheet, dark)
    })
  }

  /** @param {CanvasRenderingContext2D} context @param {Small[]} spots @param {LoadedSheet} sheet @param {boolean} dark */
  #paint(context, spots, { bytes, shape, levels }, dark) {
    const kind = kindOf(shape)
    const { height, width } = kind.size(shape)
    const size = shape[0] * shape[1] * shape[2]
    const small = new OffscreenCanvas(width, height)
    const brush = /** @type {OffscreenCanvasRenderingContext2D} */ (small.getContext("2d"))
    const picture = brush.createImageData(width, height)
    context.imageSmoothingEnabled = kind.isChart
    for (const { row, x, y } of spots) {
      kind.fill(picture.data, bytes, row * size, shape, levels, dark)
      brush.putImageData(picture, 0, 0)
      context.drawImage(small, x - SIDE / 2, y - SIDE / 2, SIDE, SIDE)
    }
  }
}

/**
 * The dots in view, or null where they are too many.
 * @param {Projection} view
 * @param {Place} area
 * @param {Scene} scene
 * @param {number} place
 * @returns {Small[] | null}
 */
function few({ project }, { width, height }, { points, hidden }, place) {
  const [xs, ys] = points[place]?.columns ?? [[], []]
  const spots = []
  for (let row = 0; row < xs.length; row++) {
    if (hidden[row] || Number.isNaN(xs[row])) continue
    const [x, y] = project([xs[row], ys[row]]) ?? [-1, -1]
    if (x < 0 || y < 0 || x > width || y > height) continue
    spots.push({ row, x, y })
    if (spots.length > FEW) return null
  }
  return spots
}
