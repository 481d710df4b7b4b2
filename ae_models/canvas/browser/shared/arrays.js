/** Arrays from the server: fetched once, kept while they are among the last few that were shown. */

/** @import {Points} from "./browsertypes.js" */

const KEPT = 24

/** @type {Map<string, Promise<any>>} */
const kept = new Map()

/**
 * @template T
 * @param {string} key
 * @param {() => Promise<T>} make
 * @returns {Promise<T>}
 */
function once(key, make) {
  let found = kept.get(key)
  kept.delete(key)
  if (!found) {
    found = make()
    found.catch(() => kept.delete(key)) // a failure is not kept: the next look tries again
  }
  kept.set(key, found) // last used, last dropped
  const [oldest] = kept.keys()
  if (kept.size > KEPT) kept.delete(oldest)
  return found
}

/** @type {Map<string, () => Promise<ArrayBuffer>>} what lies in the page itself: nobody is asked for it */
const here = new Map()

/** @param {string} url @param {() => Promise<ArrayBuffer>} read */
export function hold(url, read) {
  here.set(url, read)
}

/** @param {string} url */
async function ask(url) {
  const response = await fetch(new URL(url, document.baseURI))
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return response.arrayBuffer()
}

/**
 * @param {string} url
 * @param {number} [bytes] how many there must be
 */
export async function fetchBytes(url, bytes) {
  const buffer = await (here.get(url) ?? (() => ask(url)))()
  if (bytes !== undefined && buffer.byteLength !== bytes) throw new Error(`${url} has ${buffer.byteLength} bytes where ${bytes} belong`)
  return buffer
}

/**
 * The points of a map, a column a dimension.
 * @param {string} url
 * @param {number} n
 * @param {number} dim
 * @returns {Promise<Points>}
 */
export function points(url, n, dim) {
  return once(`${url} ${dim}`, async () => {
    const rows = new Float32Array(await fetchBytes(url, 4 * n * dim)) // (n, dim)
    const columns = Array.from({ length: dim }, () => new Float32Array(n))
    for (let row = 0; row < n; row++) for (let d = 0; d < dim; d++) columns[d][row] = rows[row * dim + d]
    return { columns, ranges: columns.map(extent), bulk: columns.map(bulk) }
  })
}

/**
 * Ids of the rows, and the row of each id.
 * @param {string} url
 * @param {number} n
 * @returns {Promise<{ids: Int32Array, rowOf: Map<number, number>}>}
 */
export function ids(url, n) {
  return once(url, async () => {
    const ids = new Int32Array(await fetchBytes(url, 4 * n))
    const rowOf = new Map()
    ids.forEach((id, row) => rowOf.set(id, row))
    return { ids, rowOf }
  })
}

/**
 * Classes of the rows.
 * @param {string} url
 * @param {number} n
 * @returns {Promise<Uint8Array>}
 */
export function labels(url, n) {
  return once(url, async () => new Uint8Array(await fetchBytes(url, n)))
}

const TAIL = 0.005
const ROOM = 0.12

/**
 * A few far points would shrink all others to a spot: the first view leaves them outside.
 * @param {Float32Array} values
 * @returns {[number, number]}
 */
function bulk(values) {
  const sorted = values.filter(Number.isFinite).sort()
  const [low, high] = extent(values)
  if (sorted.length < 100) return [low, high]
  const at = (/** @type {number} */ share) => sorted[Math.round(share * (sorted.length - 1))]
  const room = ROOM * (at(1 - TAIL) - at(TAIL))
  if (!(room > 0)) return [low, high]
  return [Math.max(low, at(TAIL) - room), Math.min(high, at(1 - TAIL) + room)]
}

/**
 * Numbers, row after row.
 * @param {string} url
 * @param {number} length
 * @returns {Promise<Float32Array>}
 */
export function floats(url, length) {
  return once(`${url} floats`, async () => new Float32Array(await fetchBytes(url, 4 * length)))
}

/**
 * Bytes, row after row.
 * @param {string} url
 * @param {number} length
 * @returns {Promise<Uint8Array>}
 */
export function bytes(url, length) {
  return once(`${url} bytes`, async () => new Uint8Array(await fetchBytes(url, length)))
}

/**
 * Half-precision numbers, as single-precision ones.
 * @param {string} url
 * @param {number} length
 * @returns {Promise<Float32Array>}
 */
export function halves(url, length) {
  return once(`${url} halves`, async () => widened(await fetchBytes(url, 2 * length)))
}

/** Half-precision numbers, as single-precision ones. @param {ArrayBuffer} buffer */
export const widened = (buffer) => Float32Array.from(new Uint16Array(buffer), half)

/** @param {number} bits of a half-precision number */
function half(bits) {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023]
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024))
}

/**
 * @param {Float32Array} values
 * @returns {[number, number]}
 */
function extent(values) {
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  if (low > high) return [-1, 1]
  return low === high ? [low - 1, high + 1] : [low, high]
}
