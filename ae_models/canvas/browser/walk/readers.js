/** Reading a drawing: its code, its reconstruction, its error, where it lies, and whether it is like real images. */
import * as arrays from "../shared/arrays.js"
import { run, session } from "../decode/graphs.js"
import { nearest } from "../decode/nearest.js"

/** @import {LoadedSheet} from "../shared/browsertypes.js" */
/** @import {Reader} from "../shared/types.js" */
/** @import {Session} from "../decode/graphs.js" */

/**
 * @typedef {object} Ready
 * @property {Reader} reader
 * @property {Session} encoder
 * @property {Session} decoder
 * @property {Float32Array} codes
 * @property {Float32Array} errors ascending
 */

/**
 * @typedef {object} Found
 * @property {Float32Array} code
 * @property {Float32Array} image not clipped
 * @property {number | null} error squared, summed over pixels; null where drawing and answer differ in size
 * @property {number | null} worse share of the real images with a smaller error
 * @property {"on" | "gap" | "off"} verdict
 */

/**
 * @param {Reader} reader
 * @param {string} runtime
 * @param {number} n
 * @returns {Promise<Ready>}
 */
export async function ready(reader, runtime, n) {
  const [encoder, decoder, codes, errors] = await Promise.all([
    session(runtime, reader.encoder_url),
    session(runtime, reader.decoder_url),
    arrays.floats(reader.codes_url, n * reader.width),
    arrays.floats(reader.errors_url, n),
  ])
  const found = { reader, encoder, decoder, codes, errors: errors.slice().sort() }
  await read(found, new Float32Array(reader.input_shape.reduce((a, b) => a * b))) // warm, and proven
  return found
}

/**
 * @param {Ready} ready
 * @param {Float32Array} drawing `input_shape`
 * @returns {Promise<Found>}
 */
export async function read({ reader, encoder, decoder, codes, errors }, drawing) {
  const { data: code } = await run(encoder, drawing, [1, ...reader.input_shape])
  const { data: image } = await run(decoder, code, [1, reader.width])
  let error = null
  if (image.length === drawing.length) {
    error = 0
    for (let i = 0; i < image.length; i++) error += (image[i] - drawing[i]) ** 2
  }
  const [k, near, far] = reader.support
  const { distances } = nearest(codes, reader.width, code, k)
  const distance = distances[0] === 0 ? 0 : (distances.at(-1) ?? 0) // 0 away: the code of a real image
  const within = (/** @type {number | null} */ limit) => limit === null || distance <= limit
  return {
    code,
    image,
    error,
    worse: error === null || !errors.length ? null : below(errors, error) / errors.length,
    verdict: within(near) ? "on" : within(far) ? "gap" : "off",
  }
}

/** How many of ascending values are below one. @param {Float32Array} values @param {number} value */
function below(values, value) {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle] < value) low = middle + 1
    else high = middle
  }
  return low
}

/** @type {WeakMap<Uint8Array, Float64Array>} squared lengths of the images of a sheet */
const lengths = new WeakMap()

/**
 * The real images whose pixels are nearest to a drawing: by |r|² - 2 r·q, over the drawing's ink alone, because most of
 * a drawing is paper.
 * @param {LoadedSheet} sheet
 * @param {Float32Array} drawing
 * @param {number} k
 */
export function likest({ bytes, shape, levels }, drawing, k) {
  const size = shape[0] * shape[1] * shape[2]
  if (drawing.length !== size) return null
  const squared = lengths.get(bytes) ?? squares(bytes, size)
  lengths.set(bytes, squared)
  const inked = Int32Array.from([...drawing.keys()].filter((at) => drawing[at] !== 0))
  const ink = Float64Array.from(inked, (at) => 2 * levels * drawing[at])
  const own = ink.reduce((sum, value) => sum + (value / 2) ** 2, 0)
  const scores = squared.map((length, row) => {
    let sum = length + own
    for (let i = 0, start = row * size; i < inked.length; i++) sum -= ink[i] * bytes[start + inked[i]]
    return Math.sqrt(Math.max(0, sum))
  })
  const { rows, distances } = nearest(scores, 1, [0], k)
  return { rows, distances: distances.map((distance) => distance / levels) }
}

/** @param {Uint8Array} bytes @param {number} size */
function squares(bytes, size) {
  return Float64Array.from({ length: bytes.length / size }, (_, row) => {
    let sum = 0
    for (let at = row * size; at < (row + 1) * size; at++) sum += bytes[at] ** 2
    return sum
  })
}

/**
 * Where a drawing would lie on a map without an encoder: the mean of its nearest images' places, near ones counting more.
 * @param {Float32Array[]} columns of the map
 * @param {{rows: number[], distances: number[]}} found
 */
export function estimated(columns, { rows, distances }) {
  const weights = distances.map((distance) => 1 / (distance + 1e-6))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return columns.map((column) => rows.reduce((total, row, i) => total + (weights[i] / sum) * column[row], 0))
}

/**
 * The drawing as another space takes it: as it is, or with channels added or averaged, or in another size.
 * @param {Float32Array} image
 * @param {number[]} from channels, height, width
 * @param {number[]} to
 */
export function shaped(image, from, to) {
  if (from.join() === to.join()) return image
  const [channels, height, width] = from
  const [wanted, tall, wide] = to
  const size = height * width
  return Float32Array.from({ length: wanted * tall * wide }, (_, i) => {
    const [c, y, x] = [Math.floor(i / (tall * wide)), Math.floor(i / wide) % tall, i % wide]
    const at = Math.floor((y * height) / tall) * width + Math.floor((x * width) / wide)
    if (channels === wanted) return image[c * size + at]
    let sum = 0
    for (let channel = 0; channel < channels; channel++) sum += image[channel * size + at]
    return sum / channels
  })
}
