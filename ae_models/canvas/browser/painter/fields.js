/** Fields over flat maps: how far off the data a place is, how much the decoder stretches there, where codes return to. */
import * as arrays from "../shared/arrays.js"
import { pen } from "../decode/frame.js"
import { said } from "../shared/wording.js"

/** @import {CanvasPayload, Fields} from "../shared/types.js" */
/** @typedef {"off" | "stretch"} Kind */
/** @typedef {{place: number, source: string, x: number, y: number, sizex: number, sizey: number}} Backdrop */

const LEAST = 0.5 // of the logarithm: a map that is all but flat shows no more colour than that
const FAR = 4 // times the distance up to which a place is on the data
const SHORT = 0.004 // of the map's width: an arrow shorter than that is a dot

/** What is said of a field. @type {Record<Kind | "arrows", (found: {error: number, most: number}) => string>} */
export const SAYS = {
  off: () => said("Grey: off the data. Clear: as near to codes of real images as 95 % of those are to one another. Codes only: of errors it says nothing."),
  stretch: ({ error, most }) =>
    said("Orange: the decoder spreads a small patch of the code over more change of the picture than at the median image; blue: over less. As areas; full colour: ") +
    `${Number(Math.exp(most).toPrecision(2))} times the area. Logarithms, by central differences, off by at most ${error.toFixed(2)} at 95 % of places.`,
  arrows: () => said("Each arrow leads from a code to that of its own picture: encode(decode(z)). PCA’s are points: it reads what it draws."),
}

/**
 * @param {CanvasPayload} data
 * @param {Kind} kind
 * @param {boolean} dark
 * @returns {Promise<{pictures: Backdrop[], error: number, most: number}>} a picture a map, in its numbers
 */
export async function pictures({ panels }, kind, dark) {
  const found = await Promise.all(
    panels.map(async ({ fields }, place) => {
      if (!fields) return []
      const n = fields.lines ** 2
      const values = await arrays.floats(kind === "off" ? fields.off_url : fields.stretch_url, kind === "off" ? n : n + 1)
      return [{ place, fields, values: values.subarray(0, n), error: kind === "off" ? 0 : values[n] }]
    }),
  )
  const all = found.flat()
  const most = Math.max(LEAST, ...all.map(({ values }) => large(values))) // one scale for all maps
  const colour = kind === "off" ? grey(dark) : warm(most)
  return {
    pictures: all.map(({ place, fields, values }) => ({ place, ...picture(values, fields, colour) })),
    error: Math.max(0, ...all.map(({ error }) => error)),
    most,
  }
}

/** What 98 % of the values stay below, whatever their sign. @param {Float32Array} values */
function large(values) {
  const sorted = values.filter(Number.isFinite).map(Math.abs).sort()
  return sorted.length ? sorted[Math.floor(0.98 * (sorted.length - 1))] : 0
}

/**
 * @param {CanvasPayload} data
 * @returns {Promise<[number[], number[]][][]>} the arrows of each map
 */
export function arrowsOf({ panels }) {
  return Promise.all(
    panels.map(async ({ fields }) => {
      if (!fields?.arrows_url) return []
      const values = await arrays.floats(fields.arrows_url, 4 * fields.arrows ** 2)
      const [wide, tall] = [fields.across[1] - fields.across[0], fields.up[1] - fields.up[0]]
      return Array.from({ length: fields.arrows ** 2 }, (_, i) => {
        const [x0, y0, x1, y1] = values.subarray(4 * i, 4 * i + 4)
        const short = Math.hypot((x1 - x0) / wide, (y1 - y0) / tall) < SHORT
        return /** @type {[number[], number[]]} */ ([[x0, y0], short ? [x0, y0] : [x1, y1]])
      })
    }),
  )
}

/**
 * @param {Float32Array} values row by row from the top left
 * @param {Fields} fields
 * @param {(value: number) => [number, number, number, number]} colour
 */
function picture(values, { lines, across, up }, colour) {
  const canvas = document.createElement("canvas")
  canvas.width = canvas.height = lines
  const context = pen(canvas)
  const image = context.createImageData(lines, lines)
  for (let i = 0; i < lines * lines; i++) image.data.set(colour(values[i]), 4 * i)
  context.putImageData(image, 0, 0)
  // The nodes are the middles of the picture's pixels.
  const [dx, dy] = [(across[1] - across[0]) / (lines - 1), (up[1] - up[0]) / (lines - 1)]
  return { source: canvas.toDataURL(), x: across[0] - dx / 2, y: up[1] + dy / 2, sizex: dx * lines, sizey: dy * lines }
}

/** @param {number} most */
function warm(most) {
  return (/** @type {number} */ value) => {
    const share = Math.min(1, Math.abs(value) / most) // a flat spot, minus infinity, is as blue as can be
    return /** @type {[number, number, number, number]} */ (value > 0 ? [231, 99, 0, 200 * share] : [63, 144, 218, 200 * share])
  }
}

/** @param {boolean} dark */
function grey(dark) {
  const [r, g, b] = dark ? [154, 163, 181] : [102, 112, 133]
  return (/** @type {number} */ value) => {
    const share = Math.min(1, Math.max(0, (value - 1) / (FAR - 1)))
    return /** @type {[number, number, number, number]} */ ([r, g, b, value > 1 ? 50 + 90 * share : 0])
  }
}
