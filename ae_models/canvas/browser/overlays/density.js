/** How many dots lie where: a small field computed once a map, shown as a soft backdrop. */
import { pen } from "../decode/frame.js"
import { drawn } from "../painter/painter.js"

/** @import {Overlay, Points} from "../shared/browsertypes.js" */

/** @type {Overlay} */
export const DENSITY = {
  label: "Density",
  title: "Where many dots lie, as a backdrop",
  isBackdrop: true,
  offered: ({ dim }) => dim === 2,
  draw: async ({ scene, dark }) => ({ pictures: drawn(scene).map(([place, points]) => ({ place, ...backdrop(points, dark) })), says: "" }),
}

const CELLS = 72
const REACH = 2 // cells the field is softened over

/**
 * @param {Points} points of a flat map
 * @param {boolean} dark
 * @returns {{source: string, x: number, y: number, sizex: number, sizey: number}} a picture in the map's numbers
 */
function backdrop({ columns: [xs, ys], ranges: [[x0, x1], [y0, y1]] }, dark) {
  let field = new Float32Array(CELLS * CELLS)
  for (let i = 0; i < xs.length; i++) {
    const column = Math.min(CELLS - 1, Math.floor((CELLS * (xs[i] - x0)) / (x1 - x0)))
    const line = Math.min(CELLS - 1, Math.floor((CELLS * (y1 - ys[i])) / (y1 - y0)))
    if (column >= 0 && line >= 0) field[line * CELLS + column] += 1
  }
  for (let pass = 0; pass < 2; pass++) field = softened(softened(field, 1), CELLS)
  const most = field.reduce((top, value) => Math.max(top, value), 0) || 1
  const canvas = document.createElement("canvas")
  canvas.width = canvas.height = CELLS
  const context = pen(canvas)
  const picture = context.createImageData(CELLS, CELLS)
  const [r, g, b] = dark ? [139, 155, 255] : [51, 70, 211]
  field.forEach((value, i) => picture.data.set([r, g, b, 150 * Math.sqrt(value / most)], 4 * i))
  context.putImageData(picture, 0, 0)
  return { source: canvas.toDataURL(), x: x0, y: y1, sizex: x1 - x0, sizey: y1 - y0 }
}

/** A running mean along lines (stride 1) or columns (stride CELLS). @param {Float32Array} field @param {number} stride */
function softened(field, stride) {
  return field.map((_, i) => {
    const place = Math.floor(i / stride) % CELLS
    let sum = 0
    for (let step = -REACH; step <= REACH; step++) if (place + step >= 0 && place + step < CELLS) sum += field[i + step * stride]
    return sum / (2 * REACH + 1)
  })
}
