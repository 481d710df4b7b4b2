/** What is looked at: an image or a point of a code space; and what each decoder draws of it. Numbers only. */
import { nearest } from "./nearest.js"

const SHOWN = 8 // nearest images

/**
 * @typedef {object} Moment
 * @property {"image" | "point" | "neighbour"} kind an image; a point of a space; the image nearest on a map that cannot draw
 * @property {number} row the image that is looked at; of a point, the pinned one
 * @property {string} space whose coordinates count
 * @property {Float32Array | Float64Array} z the point in it; 64 bits keep a typed number as it was typed
 * @property {boolean} moved away from the pinned image
 * @property {boolean} touched under the pointer, and not only where the sliders stand
 * @property {import("./nearest.js").Found} near the images nearest to it
 * @property {number | null} distance to the k-th nearest code
 * @property {"on" | "gap" | "off"} verdict
 * @property {Map<string, {code: Float32Array, row: number | null}>} draws what each decoder draws; row: an image's own code
 */

/**
 * @typedef {object} Ground what is on the page
 * @property {Map<string, {space: import("./studio.js").Space, codes: Float32Array}>} spaces
 * @property {import("./figure.js").Scene} scene
 * @property {number} pinnedRow
 * @property {{space: string, z: Float64Array | null}} rest where the sliders stand; null: on the pinned image
 */

/** The code of an image. */
export function codeOf({ space, codes }, row) {
  const width = space.axes.length
  return codes.slice(row * width, (row + 1) * width)
}

/**
 * @param {import("./maps.js").Touch | null} touch
 * @param {Ground} ground
 * @returns {Moment}
 */
export function look(touch, ground) {
  const { scene, spaces, pinnedRow, rest } = ground
  const panel = touch && scene.data.panels[touch.place]
  const own = panel?.space && spaces.has(panel.space) ? panel.space : null
  if (touch && touch.row !== null) return ofImage(touch.row, own ?? rest.space, "image", ground)
  if (touch?.point && own) return ofPoint(own, placed(touch.point, panel, ground, own), true, ground)
  if (touch?.point && !own) return ofImage(nearestOn(touch, scene), rest.space, "neighbour", ground)
  if (rest.z) return ofPoint(rest.space, rest.z, false, ground)
  return { ...ofImage(pinnedRow, rest.space, "image", ground), touched: false }
}

/** A point of the map in the whole code: what the map does not show stays as it was. */
function placed(point, panel, { spaces, pinnedRow, rest }, key) {
  const z = Float64Array.from(key === rest.space && rest.z ? rest.z : codeOf(spaces.get(key), pinnedRow))
  panel.dims.forEach((dim, d) => (z[dim] = point[d]))
  return z
}

function ofImage(row, key, kind, ground) {
  const { spaces } = ground
  const z = codeOf(spaces.get(key), row)
  const draws = new Map([...spaces].map(([name, one]) => [name, { code: codeOf(one, row), row }]))
  return { kind, row, space: key, z, moved: false, touched: true, ...around(key, z, row, ground), draws }
}

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

/** The images nearest to a point among those shown, and whether the point is on the data: that counts all. */
function around(key, z, self, { spaces, scene }) {
  const { space, codes } = spaces.get(key)
  const [k, nearLimit, farLimit] = space.support
  const hidden = scene.hidden.includes(1)
  const near = nearest(codes, z.length, z, SHOWN, hidden ? (row) => scene.hidden[row] === 1 : undefined)
  const all = nearest(codes, z.length, z, k, self === null ? undefined : (row) => row === self)
  const distance = all.distances.at(-1) ?? null
  const within = (limit) => distance === null || limit === null || distance <= limit
  return { near, distance, verdict: within(nearLimit) ? "on" : within(farLimit) ? "gap" : "off" }
}

/** On a map that cannot draw: the image whose dot is nearest. */
function nearestOn({ place, point }, scene) {
  const [xs, ys] = scene.points[place].columns
  let best = Infinity
  let row = 0
  for (let i = 0; i < xs.length; i++) {
    const far = (xs[i] - point[0]) ** 2 + (ys[i] - point[1]) ** 2
    if (far < best && !scene.hidden[i]) [best, row] = [far, i]
  }
  return row
}
