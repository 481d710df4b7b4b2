/** How much a drawn picture differs from real ones. */
import { nearest } from "./nearest.js"

/** @import {Found, DecodeContext, LoadedSheet} from "../shared/browsertypes.js" */

/**
 * Summed over pixels; null where picture and image have different sizes.
 * @param {Float32Array} image
 * @param {LoadedSheet} sheet
 * @param {number} row
 */
export function squaredError(image, { bytes, shape, levels }, row) {
  const size = shape[0] * shape[1] * shape[2]
  if (image.length !== size) return null
  let sum = 0
  for (let i = 0, at = row * size; i < size; i++, at++) {
    sum += (bytes[at] / levels - image[i]) ** 2 // not clipped: the model's error, as in every table
  }
  return sum
}

/**
 * The real images whose pixels differ least from a picture; null where picture and images have different sizes.
 * @param {Float32Array | undefined} image
 * @param {DecodeContext} ground
 * @param {number} n
 * @returns {Found | null}
 */
export function nearestPictures(image, { plain, scene }, n) {
  const size = plain.shape[0] * plain.shape[1] * plain.shape[2]
  if (image?.length !== size) return null
  const query = image.map((value) => Math.min(1, Math.max(0, value)) * plain.levels)
  const { rows, distances } = nearest(plain.bytes, size, query, n, (row) => scene.hidden[row] === 1)
  return { rows, distances: distances.map((distance) => distance / plain.levels) }
}
