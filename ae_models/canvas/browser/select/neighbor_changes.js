/** Which of an image's neighbours a map keeps: near in the pictures and on the map, in one alone, or in the other. */
import { nearest } from "../decode/nearest.js"

/** @import {DecodeContext} from "../shared/browsertypes.js" */
/** @typedef {"kept" | "lost" | "false"} Kind */
/** @typedef {{row: number, kind: Kind}} Tie */

export const K = 10

/**
 * @param {number} row
 * @param {DecodeContext} ground
 * @returns {{pixels: number[], maps: (null | Tie[])[]}} one entry a map
 */
export function tiesOf(row, { plain, scene }) {
  const size = plain.shape[0] * plain.shape[1] * plain.shape[2]
  const self = (/** @type {number} */ other) => other === row
  const pixels = nearest(plain.bytes, size, plain.bytes.subarray(row * size, (row + 1) * size), K, self).rows
  const maps = scene.points.map((points) => {
    if (!points) return null
    const near = onMap(points.columns, row)
    const both = [...new Set([...pixels, ...near])]
    return both.map((other) => ({
      row: other,
      kind: /** @type {Kind} */ (!near.includes(other) ? "lost" : pixels.includes(other) ? "kept" : "false"),
    }))
  })
  return { pixels, maps }
}

/** @param {Float32Array[]} columns @param {number} row */
function onMap(columns, row) {
  const dim = columns.length
  const rows = new Float32Array(columns[0].length * dim)
  columns.forEach((column, d) => column.forEach((value, i) => (rows[i * dim + d] = value)))
  return nearest(rows, dim, rows.subarray(row * dim, (row + 1) * dim), K, (other) => other === row).rows
}
