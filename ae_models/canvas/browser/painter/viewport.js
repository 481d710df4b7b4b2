/** How a map lies: which part of its numbers a flat one shows, where the camera of one in space stands. Numbers only. */

/** @import {Look, Points} from "../shared/browsertypes.js" */

const PAD = 0.04 // of a range, so that no dot lies on the edge
const CAMERA = [1.05, 1.05, 0.65, 0, 0, 0, 0, 0, 1]
const FLAT = 4 // numbers of a flat look

export const padded = (/** @type {[number, number]} */ [low, high]) => [low - PAD * (high - low), high + PAD * (high - low)]

/** The first look at a map. @param {Points} points @param {2 | 3} dim @returns {Look} */
export function home({ bulk }, dim) {
  return dim === 3 ? [...CAMERA] : [...padded(bulk[0]), ...padded(bulk[1])]
}

/**
 * Nearer (a factor below 1) or further; of a flat map one place stays where it is.
 * @param {Look} look
 * @param {number} factor
 * @param {number} [across] that place: a share of the width, from the left
 * @param {number} [up] and of the height, from the bottom
 * @returns {Look}
 */
export function zoomed(look, factor, across = 0.5, up = 0.5) {
  if (look.length === FLAT) {
    const [left, right, bottom, top] = look
    const [x, y] = [left + across * (right - left), bottom + up * (top - bottom)]
    return [x + factor * (left - x), x + factor * (right - x), y + factor * (bottom - y), y + factor * (top - y)]
  }
  return look.map((value, i) => (i < 3 ? look[i + 3] + factor * (value - look[i + 3]) : value))
}

/** A flat map shifted by shares of what it shows: to what lies on the right, and above. @param {Look} look @param {number} across @param {number} up @returns {Look} */
export function shifted([left, right, bottom, top], across, up) {
  const [x, y] = [across * (right - left), up * (top - bottom)]
  return [left + x, right + x, bottom + y, top + y]
}

/** The camera carried round its centre: to its right, and upwards. @param {Look} look @param {number} yaw radians @param {number} pitch radians @returns {Look} */
export function turned(look, yaw, pitch) {
  const centre = look.slice(3, 6)
  const { right, above, away } = frame(look)
  const far = Math.hypot(...centre.map((value, i) => look[i] - value))
  const across = combined([Math.cos(yaw), away], [Math.sin(yaw), right])
  const eye = combined([Math.cos(pitch), across], [Math.sin(pitch), above])
  const up = combined([Math.cos(pitch), above], [-Math.sin(pitch), across])
  return [...eye.map((value, i) => centre[i] + far * value), ...centre, ...up]
}

/**
 * The directions of a camera, each of length 1: what lies on its right, above, and towards it from its centre.
 * @param {Look} look of a camera
 */
export function frame(look) {
  const away = unit([0, 1, 2].map((i) => look[i] - look[i + 3]))
  const right = unit(crossed(look.slice(6, 9), away))
  return { right, above: crossed(away, right), away }
}

/** Whether two looks are one to the eye. @param {Look | null | undefined} one @param {Look | null | undefined} other */
export function same(one, other) {
  if (!one || !other || one.length !== other.length) return !one && !other
  const [these, those] = [seen(one), seen(other)]
  const size = Math.max(...these.map(Math.abs))
  return these.every((value, i) => Math.abs(value - those[i]) <= 1e-4 * size)
}

/** What of a look is seen: which way a camera leans, and not which of many ways of saying so was taken. @param {Look} look */
const seen = (look) => (look.length === FLAT ? look : [...look.slice(0, 6), ...frame(look).above])

/** As it is told to Python and kept in an address. @param {Look} look */
export const short = (look) => look.map((value) => Number(value.toPrecision(6)))

const unit = (/** @type {number[]} */ v) => v.map((value) => value / (Math.hypot(...v) || 1))

const crossed = (/** @type {number[]} */ [a, b, c], /** @type {number[]} */ [d, e, f]) => [b * f - c * e, c * d - a * f, a * e - b * d]

const combined = (/** @type {[number, number[]]} */ [a, u], /** @type {[number, number[]]} */ [b, v]) => u.map((value, i) => a * value + b * v[i])
