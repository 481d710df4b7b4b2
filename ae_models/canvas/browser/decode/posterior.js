/** What a variational encoder is unsure of: the ellipse round a code, and codes drawn from it. */

const ROUND = 48
const SIGMAS = 2

/**
 * The line two standard deviations round a code, on a flat map.
 * @param {ArrayLike<number>} mean
 * @param {ArrayLike<number>} spread
 * @param {number[]} dims the coordinates that the map shows
 * @returns {number[][]}
 */
export function ellipse(mean, spread, dims) {
  if (dims.length !== 2) return []
  const [i, j] = dims
  return Array.from({ length: ROUND }, (_, step) => {
    const angle = (2 * Math.PI * step) / ROUND
    return [mean[i] + SIGMAS * spread[i] * Math.cos(angle), mean[j] + SIGMAS * spread[j] * Math.sin(angle)]
  })
}

/**
 * `n` codes from the normal distribution round `mean`; always the same for one seed.
 * @param {ArrayLike<number>} mean
 * @param {ArrayLike<number>} spread
 * @param {number} n
 * @param {number} seed
 */
export function samples(mean, spread, n, seed) {
  const chance = mulberry(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance())
  return Float32Array.from({ length: n * mean.length }, (_, i) => mean[i % mean.length] + spread[i % mean.length] * normal())
}

/** A small generator of even numbers in [0, 1). @param {number} seed */
function mulberry(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
