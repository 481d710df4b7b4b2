/** A row of numbers as a picture: bars where they are few, a line where they are many. No image has one row of pixels. */
import { features } from "../shared/features.js"

/** @import {Kind, Shape} from "../shared/browsertypes.js" */

const FEW = 48 // bars; more numbers are a line
const HIGH = 64 // pixels
const MOST = 128 // pixels across: of more numbers, neighbours share a column
const NAMES = 7 // at the axis: more do not fit

/** @type {Kind} */
export const VECTOR = {
  name: "vector",
  holds: ([channels, height]) => channels === 1 && height === 1,
  size: ([, , n]) => chartSize(n),
  fill,
  isChart: true,
  axis,
  reading,
}

/** How large the picture of a row of `n` numbers is, and how many pixels a bar takes. @param {number} n */
function chartSize(n) {
  const bar = n > FEW ? 1 : Math.max(2, Math.floor(HIGH / n))
  return { width: n > FEW ? Math.min(n, MOST) : n * bar, height: HIGH, bar }
}

/** @type {Kind["fill"]} */
function fill(pixels, values, start, [, , n], levels, dark) {
  const { width, height, bar } = chartSize(n)
  const [paper, ink, faint] = dark ? [0, 225, 70] : [255, 55, 205]
  pixels.fill(255)
  let before = -1
  for (let x = 0; x < width; x++) {
    const [first, last] = n > FEW ? [Math.floor((x * n) / width), Math.floor(((x + 1) * n) / width)] : [Math.floor(x / bar), Math.floor(x / bar) + 1]
    let sum = 0
    for (let at = first; at < Math.max(last, first + 1); at++) sum += values[start + at]
    const level = Math.min(Math.max(sum / Math.max(last - first, 1) / levels, 0), 1)
    const top = Math.round((1 - level) * (height - 1))
    const gap = n <= FEW && x % bar === bar - 1
    if (before < 0) before = top
    const [from, to] = n <= FEW ? [top, height - 1] : [Math.min(top, before), Math.max(top, before)]
    before = top
    for (let y = 0; y < height; y++) {
      const on = !gap && y >= from && y <= to
      const below = n > FEW && y > to
      const tone = on ? ink : below ? faint : paper
      const place = 4 * (y * width + x)
      pixels[place] = pixels[place + 1] = pixels[place + 2] = tone
    }
  }
}

/** Names that stand at the axis; none where there are many numbers. @param {Shape} shape */
function axis([, , n]) {
  return n <= NAMES && features().length === n ? features().map(([name]) => name) : []
}

/** What a row says at a place of its chart: "alcohol: about 13.2 (62 % of its range)". @type {NonNullable<Kind["reading"]>} */
function reading(values, start, [, , n], levels, across) {
  const known = features()
  const { width, bar } = chartSize(n)
  const x = Math.min(width - 1, Math.max(0, Math.floor(across * width)))
  const few = width === n * bar
  const first = few ? Math.floor(x / bar) : Math.floor((x * n) / width)
  const last = few ? first : Math.max(first, Math.floor(((x + 1) * n) / width) - 1)
  const name = (/** @type {number} */ at) => known[at]?.[0] ?? `number ${at + 1}`
  let [sum, share, step] = [0, 0, 0]
  for (let at = first; at <= last; at++) {
    const [, low, high] = known[at] ?? ["", 0, 1]
    share += values[start + at] / levels / (last - first + 1)
    step = Math.max(step, (high - low) / levels)
    sum += (low + ((high - low) * values[start + at]) / levels) / (last - first + 1)
  }
  const whose = first === last ? name(first) : `mean of ${name(first)} to ${name(last)}`
  // Pictures of real rows come as bytes: no more digits than those carry.
  const value = levels === 1 ? Number(sum.toPrecision(4)) : `about ${Number(sum.toFixed(Math.min(12, Math.max(0, Math.ceil(-Math.log10(step || 1))))))}`
  return `${whose}: ${value} (${Math.round(100 * share)} % of its range)`
}
