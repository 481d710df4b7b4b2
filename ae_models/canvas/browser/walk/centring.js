/** Laying a drawing in a frame as MNIST's digits lie. The rule, and the reasons, are in centring.py; tests compare both. */

const TRACE = 1 / 64 // of the darkest ink: fainter is paper
const TIE = 1e-6 // pixels: see centring.py

/**
 * @param {ArrayLike<number>} ink `(height, width)`, 0 for paper
 * @param {[number, number]} from height, width
 * @param {[number, number]} to height, width of the frame
 * @param {number} box the longer side of the ink, in the frame
 * @returns {Float32Array | null} the frame; null where there is no ink
 */
export function centred(ink, from, to, box) {
  const bounds = boundingBox(ink, from)
  if (!bounds) return null
  const [top, bottom, left, right] = bounds
  const [tall, wide] = [bottom - top, right - left]
  const scale = box / Math.max(tall, wide)
  const height = Math.max(1, Math.floor(tall * scale + 0.5))
  const width = Math.max(1, Math.floor(wide * scale + 0.5))
  const small = new Float64Array(height * width)
  const columns = Array.from({ length: width }, (_, j) => covered(j, wide, width))
  for (let i = 0; i < height; i++) {
    for (const [row, share] of covered(i, tall, height)) {
      const start = (top + row) * from[1] + left
      for (let j = 0; j < width; j++) {
        let sum = 0
        for (const [column, part] of columns[j]) sum += part * ink[start + column]
        small[i * width + j] += share * sum
      }
    }
  }
  const rows = new Float64Array(height)
  const sides = new Float64Array(width)
  small.forEach((value, at) => {
    rows[Math.floor(at / width)] += value
    sides[at % width] += value
  })
  const [y, x] = [startOf(rows, to[0]), startOf(sides, to[1])]
  const framed = new Float32Array(to[0] * to[1])
  small.forEach((value, at) => (framed[(y + Math.floor(at / width)) * to[1] + x + (at % width)] = value))
  return framed
}

/** Which of n old pixels the new pixel `place` of m covers, and how much of its mean each is. @param {number} place @param {number} n @param {number} m */
function covered(place, n, m) {
  const [low, high] = [(place * n) / m, ((place + 1) * n) / m]
  /** @type {[number, number][]} */
  const found = []
  for (let old = Math.floor(low); old < Math.min(n, Math.ceil(high)); old++) {
    const overlap = Math.min(high, old + 1) - Math.max(low, old)
    if (overlap > 0) found.push([old, (overlap * m) / n])
  }
  return found
}

/** @param {ArrayLike<number>} ink @param {[number, number]} size @returns {[number, number, number, number] | null} */
function boundingBox(ink, [height, width]) {
  let most = 0
  for (let i = 0; i < ink.length; i++) if (ink[i] > most) most = ink[i]
  if (most === 0) return null
  let [top, bottom, left, right] = [height, 0, width, 0]
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      if (ink[i * width + j] <= TRACE * most) continue
      if (i < top) top = i
      if (i >= bottom) bottom = i + 1
      if (j < left) left = j
      if (j >= right) right = j + 1
    }
  }
  return [top, bottom, left, right]
}

/** Where a piece with this mass along one side begins in the frame. @param {Float64Array} mass @param {number} frame */
function startOf(mass, frame) {
  let [sum, moment] = [0, 0]
  mass.forEach((value, at) => {
    sum += value
    moment += value * at
  })
  const start = Math.floor(frame / 2 - moment / sum + 0.5 + TIE)
  return Math.min(Math.max(start, 0), frame - mass.length)
}
