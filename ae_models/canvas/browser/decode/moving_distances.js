/**
 * Distances of long codes to a point that moves. A pointer or a slider changes a few numbers of the point: only those are
 * counted again, of all the images.
 */

const FRESH = 500 // moves after which all is counted anew, for rounding adds up

/** @typedef {{point: Float64Array, squared: Float64Array, far: Float64Array, moves: number}} Kept */
/** @type {WeakMap<Float32Array, Kept>} */
const known = new WeakMap()

/**
 * How far each row is from a point, `(n,)`; the array is used again for the next point.
 * @param {Float32Array} rows `(n, width)`, row after row
 * @param {number} width
 * @param {ArrayLike<number>} point `(width,)`
 */
export function followed(rows, width, point) {
  const before = known.get(rows)
  const moved = before ? changed(before.point, point) : []
  const kept = before && before.moves < FRESH && 4 * moved.length <= width ? before : afresh(rows, width, point)
  if (kept === before) for (const dim of moved) move(kept, rows, width, dim, point[dim])
  for (let row = 0; row < kept.far.length; row++) kept.far[row] = Math.sqrt(Math.max(0, kept.squared[row]))
  return kept.far
}

/** @param {ArrayLike<number>} before @param {ArrayLike<number>} now */
function changed(before, now) {
  const dims = []
  for (let dim = 0; dim < now.length; dim++) if (before[dim] !== now[dim]) dims.push(dim)
  return dims
}

/** @param {Kept} kept @param {Float32Array} rows @param {number} width @param {number} dim @param {number} now */
function move(kept, rows, width, dim, now) {
  const { squared, point } = kept
  const then = point[dim]
  const [twice, sum] = [2 * (then - now), (now - then) * (now + then)]
  // (x - now)^2 - (x - then)^2 = 2 x (then - now) + now^2 - then^2
  for (let row = 0, at = dim; row < squared.length; row++, at += width) squared[row] += twice * rows[at] + sum
  point[dim] = now
  kept.moves++
}

/** @param {Float32Array} rows @param {number} width @param {ArrayLike<number>} point @returns {Kept} */
function afresh(rows, width, point) {
  const n = rows.length / width
  const kept = { point: Float64Array.from(point), squared: new Float64Array(n), far: new Float64Array(n), moves: 0 }
  for (let row = 0, at = 0; row < n; row++) {
    let sum = 0
    for (let dim = 0; dim < width; dim++, at++) {
      const step = rows[at] - point[dim]
      sum += step * step
    }
    kept.squared[row] = sum
  }
  known.set(rows, kept)
  return kept
}
