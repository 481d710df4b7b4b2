/** What is looked at: an image or a point of a code space; and what each decoder draws of it. Numbers only. */
import { followed } from "./moving_distances.js"
import { nearest } from "./nearest.js"

/** @import {Coded, Found, DecodeContext, DecodedPoint, Scene, Touch, Verdict} from "../shared/browsertypes.js" */
/** @import {MapPanel} from "../shared/types.js" */
/** @typedef {Pick<DecodeContext, "spaces" | "scene" | "pinnedRow" | "rest">} Seen */

const SHOWN = 8 // nearest images
const LONG = 65 // numbers of a code: from here on distances to a point are followed as it moves

/** @param {DecodeContext | Seen} ground @param {string} key @returns {Coded} */
export function coded({ spaces }, key) {
  const found = spaces.get(key)
  if (!found) throw new Error(`there is no space '${key}'`)
  return found
}

/** The code of an image. @param {Coded} coded @param {number} row */
export function codeOf({ space, codes }, row) {
  const width = space.axes.length
  return codes.slice(row * width, (row + 1) * width)
}

/**
 * @param {Touch | null} touch
 * @param {Seen} ground
 * @returns {DecodedPoint}
 */
export function look(touch, ground) {
  const { scene, spaces, pinnedRow, rest } = ground
  const panel = touch ? scene.data.panels[touch.place] : null
  const own = panel?.space && spaces.has(panel.space) ? panel.space : null
  if (touch && touch.row !== null) return ofImage(touch.row, own ?? rest.space, "image", ground)
  if (touch?.point && panel && own) return ofPoint(own, placed(touch.point, panel, ground, own), true, ground)
  if (touch?.point) return ofImage(nearestOn(touch.place, touch.point, scene), rest.space, "neighbour", ground)
  if (rest.z) return ofPoint(rest.space, rest.z, false, ground)
  return ofImage(pinnedRow, rest.space, "image", ground, false)
}

/**
 * A point of the map in the whole code: what the map does not show stays as it was.
 * @param {number[]} point
 * @param {MapPanel} panel
 * @param {Seen} ground
 * @param {string} key
 */
function placed(point, panel, ground, key) {
  const { pinnedRow, rest } = ground
  const z = Float64Array.from(key === rest.space && rest.z ? rest.z : codeOf(coded(ground, key), pinnedRow))
  panel.dims.forEach((dim, d) => (z[dim] = point[d]))
  return z
}

/**
 * An image. What is around it is looked for when it is asked for: both pictures are painted before.
 * @param {number} row
 * @param {string} key
 * @param {DecodedPoint["kind"]} kind
 * @param {Seen} ground
 * @returns {DecodedPoint}
 */
function ofImage(row, key, kind, ground, touched = true) {
  const { spaces } = ground
  const z = codeOf(coded(ground, key), row)
  const draws = new Map([...spaces].map(([name, one]) => [name, { code: codeOf(one, row), row }]))
  /** @type {ReturnType<typeof around> | null} */
  let found = null
  const once = () => (found ??= around(key, z, row, ground))
  return {
    ...{ kind, row, space: key, z, moved: false, touched, draws },
    get near() {
      return once().near
    },
    get distance() {
      return once().distance
    },
    get verdict() {
      return once().verdict
    },
  }
}

/** @param {string} key @param {Float64Array} z @param {boolean} touched @param {Seen} ground @returns {DecodedPoint} */
function ofPoint(key, z, touched, ground) {
  const { spaces, pinnedRow } = ground
  const found = around(key, z, null, ground)
  const other = found.near.rows[0] ?? pinnedRow
  const draws = new Map(
    [...spaces].map(([name, one]) => [
      name,
      name === key ? { code: Float32Array.from(z), row: null } : { code: codeOf(one, other), row: other },
    ]),
  )
  return { kind: "point", row: pinnedRow, space: key, z, moved: true, touched, ...found, draws }
}

/**
 * The images nearest to a point among those shown, and whether the point is on the data: that counts all.
 * @param {string} key
 * @param {ArrayLike<number>} z
 * @param {number | null} self
 * @param {Seen} ground
 * @returns {{near: Found, distance: number | null, verdict: Verdict}}
 */
function around(key, z, self, ground) {
  const { scene } = ground
  const { space, codes } = coded(ground, key)
  const [k, nearLimit, farLimit] = space.support
  const hidden = scene.hidden.includes(1)
  /** @param {number} n @param {(row: number) => boolean} [leave] */
  const among = (n, leave) =>
    self === null && z.length >= LONG
      ? nearest(followed(codes, z.length, z), 1, [0], n, leave)
      : nearest(codes, z.length, z, n, leave)
  const all = among(Math.max(SHOWN, k + 1))
  const near = hidden ? among(SHOWN, (row) => scene.hidden[row] === 1) : first(all, SHOWN)
  const others = all.distances.filter((_, place) => all.rows[place] !== self)
  const distance = others[Math.min(k, others.length) - 1] ?? null
  const real = self !== null || all.distances[0] === 0 // the code of a real image, however alone it lies
  const within = (/** @type {number | null} */ limit) => real || distance === null || limit === null || distance <= limit
  return { near, distance, verdict: within(nearLimit) ? "on" : within(farLimit) ? "gap" : "off" }
}

/** @param {Found} found @param {number} n @returns {Found} */
function first({ rows, distances }, n) {
  return { rows: rows.slice(0, n), distances: distances.slice(0, n) }
}

/**
 * On a flat map that cannot draw: the image whose dot is nearest.
 * @param {number} place
 * @param {number[]} point
 * @param {Scene} scene
 */
function nearestOn(place, point, scene) {
  const [xs, ys] = scene.points[place]?.columns ?? [[], []]
  let best = Infinity
  let row = 0
  for (let i = 0; i < xs.length; i++) {
    const far = (xs[i] - point[0]) ** 2 + (ys[i] - point[1]) ** 2
    if (far < best && !scene.hidden[i]) [best, row] = [far, i]
  }
  return row
}
