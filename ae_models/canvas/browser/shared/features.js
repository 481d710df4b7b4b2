/** What the numbers of a row are called: names and ranges come when the data are rows, and are read by whoever points. */
import { fetchBytes } from "./arrays.js"
import { chartSize } from "./vectors.js"

/** @typedef {[string, number, number]} Feature its name, its lowest and its highest value */

/** @type {{url: string | null, known: Feature[]}} one data set a page */
let here = { url: null, known: [] }

/** Names for the axis: more do not fit. */
export const FEW = 7

/** @param {string | null} url */
export async function readFeatures(url) {
  if (url === here.url) return
  const wanted = (here = { url, known: /** @type {Feature[]} */ ([]) })
  if (!url) return
  try {
    wanted.known = JSON.parse(new TextDecoder().decode(await fetchBytes(url)))
  } catch {
    if (here === wanted) here = { url: null, known: [] } // the next look tries again
  }
}

/** Names that stand at the axis of a row of `n` numbers; none where they are many. @param {number} n */
export function axisNames(n) {
  return n <= FEW && here.known.length === n ? here.known.map(([name]) => name) : []
}

/**
 * What a row says at a place of its chart: "alcohol: about 13.2 (62 % of its range)".
 * @param {ArrayLike<number>} values
 * @param {number} start where the row begins in them
 * @param {number} n
 * @param {number} levels the value that means 1
 * @param {number} across 0 at the left edge of the chart, 1 at the right
 */
export function reading(values, start, n, levels, across) {
  const { width, bar } = chartSize(n)
  const x = Math.min(width - 1, Math.max(0, Math.floor(across * width)))
  const few = width === n * bar
  const first = few ? Math.floor(x / bar) : Math.floor((x * n) / width)
  const last = few ? first : Math.max(first, Math.floor(((x + 1) * n) / width) - 1)
  const name = (/** @type {number} */ at) => here.known[at]?.[0] ?? `number ${at + 1}`
  let [sum, share, step] = [0, 0, 0]
  for (let at = first; at <= last; at++) {
    const [, low, high] = here.known[at] ?? ["", 0, 1]
    share += values[start + at] / levels / (last - first + 1)
    step = Math.max(step, (high - low) / levels)
    sum += (low + ((high - low) * values[start + at]) / levels) / (last - first + 1)
  }
  const whose = first === last ? name(first) : `mean of ${name(first)} to ${name(last)}`
  // Pictures of real rows come as bytes: no more digits than those carry.
  const value = levels === 1 ? Number(sum.toPrecision(4)) : `about ${Number(sum.toFixed(Math.min(12, Math.max(0, Math.ceil(-Math.log10(step || 1))))))}`
  return `${whose}: ${value} (${Math.round(100 * share)} % of its range)`
}
