/** A row of numbers as a picture: bars where they are few, a line where they are many. No image has one row of pixels. */

/** @import {Shape} from "./browsertypes.js" */

const FEW = 48 // bars; more numbers are a line
const HIGH = 64 // pixels
const MOST = 128 // pixels across: of more numbers, neighbours share a column

/** @param {Shape} shape */
export const isVector = ([channels, height]) => channels === 1 && height === 1

/** How large the picture of a row of `n` numbers is, and how many pixels a bar takes. @param {number} n */
export function chartSize(n) {
  const bar = n > FEW ? 1 : Math.max(2, Math.floor(HIGH / n))
  return { width: n > FEW ? Math.min(n, MOST) : n * bar, height: HIGH, bar }
}

/** Width and height of the picture of something of this shape. @param {Shape} shape */
export function pictureSize(shape) {
  return isVector(shape) ? chartSize(shape[2]) : { width: shape[2], height: shape[1] }
}

/**
 * Draw a row of numbers into the pixels of an `ImageData`; what is not in [0, 1] ends at the edge.
 * @param {Uint8ClampedArray} pixels red, green, blue, alpha
 * @param {ArrayLike<number>} values
 * @param {number} start where the row begins in them
 * @param {number} n
 * @param {number} levels the value that means 1
 * @param {boolean} dark
 */
export function chart(pixels, values, start, n, levels, dark) {
  const { width, height, bar } = chartSize(n)
  const [paper, ink, faint] = dark ? [0, 225, 70] : [255, 55, 205]
  pixels.fill(255)
  let before = NaN
  for (let x = 0; x < width; x++) {
    const [first, last] = n > FEW ? [Math.floor((x * n) / width), Math.floor(((x + 1) * n) / width)] : [Math.floor(x / bar), Math.floor(x / bar) + 1]
    let sum = 0
    for (let at = first; at < Math.max(last, first + 1); at++) sum += values[start + at]
    const level = Math.min(Math.max(sum / Math.max(last - first, 1) / levels, 0), 1)
    const top = Math.round((1 - level) * (height - 1))
    const gap = n <= FEW && x % bar === bar - 1
    const [from, to] = n <= FEW ? [top, height - 1] : [Math.min(top, before || top), Math.max(top, before || top)]
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
