/** Arrays from the server: fetched once, kept while they are among the last few that were shown. */

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
  if (kept.size > KEPT) kept.delete(kept.keys().next().value)
  return found
}

/**
 * @param {string} url
 * @param {number} bytes how many there must be
 */
async function fetchBytes(url, bytes) {
  const response = await fetch(new URL(url, document.baseURI))
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  const buffer = await response.arrayBuffer()
  if (buffer.byteLength !== bytes) throw new Error(`${url} has ${buffer.byteLength} bytes where ${bytes} belong`)
  return buffer
}

/**
 * @typedef {object} Points
 * @property {Float32Array[]} columns one a dimension, n long
 * @property {[number, number][]} ranges lowest and highest finite value a dimension
 */

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
    return { columns, ranges: columns.map(extent) }
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
