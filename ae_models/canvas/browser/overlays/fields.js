/** Fields of numbers over flat maps, which Python computes when a browser asks: how they become pictures. */
import * as arrays from "../shared/arrays.js"
import { pen } from "../decode/frame.js"

/** @import {Backdrop} from "../shared/browsertypes.js" */
/** @import {CanvasPayload, Fields} from "../shared/types.js" */
/** @typedef {(value: number) => [number, number, number, number]} Colour */

/** Whether a map has fields. @param {CanvasPayload} data */
export const hasFields = ({ panels }) => panels.some(({ fields }) => Boolean(fields))

/**
 * The values of each map that has fields, `lines` x `lines` of them and `extra` more.
 * @param {CanvasPayload} data
 * @param {"off_url" | "stretch_url"} url
 * @param {number} extra
 */
export async function values({ panels }, url, extra) {
  const found = panels.map(async ({ fields }, place) => {
    if (!fields) return []
    const n = fields.lines ** 2
    const all = await arrays.floats(fields[url], n + extra)
    return [{ place, fields, values: all.subarray(0, n), extra: all.subarray(n) }]
  })
  return (await Promise.all(found)).flat()
}

/** What 98 % of the values stay below, whatever their sign. @param {Float32Array} values */
export function large(values) {
  const sorted = values.filter(Number.isFinite).map(Math.abs).sort()
  return sorted.length ? sorted[Math.floor(0.98 * (sorted.length - 1))] : 0
}

/**
 * @param {number} place of the map
 * @param {Float32Array} values row by row from the top left
 * @param {Fields} fields
 * @param {Colour} colour
 * @returns {Backdrop}
 */
export function picture(place, values, { lines, across, up }, colour) {
  const canvas = document.createElement("canvas")
  canvas.width = canvas.height = lines
  const context = pen(canvas)
  const image = context.createImageData(lines, lines)
  for (let i = 0; i < lines * lines; i++) image.data.set(colour(values[i]), 4 * i)
  context.putImageData(image, 0, 0)
  // The nodes are the middles of the picture's pixels.
  const [dx, dy] = [(across[1] - across[0]) / (lines - 1), (up[1] - up[0]) / (lines - 1)]
  return { place, source: canvas.toDataURL(), x: across[0] - dx / 2, y: up[1] + dy / 2, sizex: dx * lines, sizey: dy * lines }
}
