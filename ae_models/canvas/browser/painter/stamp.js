/** Dots stamped into an image: antialiased discs, and for every pixel the row of the dot that is seen there. */

const PHASES = 4 // places within a pixel, each way, that a disc's centre may have
const SOLID = 0.5 // the share of a pixel from which on it belongs to a dot
const RED_BLUE = 0xff00ff
const GREEN = 0x00ff00
const OPAQUE = 0xff000000

/**
 * @typedef {object} Raster an image and what is seen in it
 * @property {number} width
 * @property {number} height
 * @property {Uint32Array} pixels as an `ImageData` holds them: alpha, blue, green, red from the highest byte down
 * @property {Int32Array} ids the row seen at each pixel, -1 for none
 */

/**
 * @typedef {object} Disc
 * @property {number} reach pixels from its own to the farthest that it touches
 * @property {Int16Array} dx
 * @property {Int16Array} dy
 * @property {Int32Array} step how far each pixel lies in the raster
 * @property {Uint16Array} share how much of each is covered, of 256
 * @property {Uint8Array} solid 1 where the pixel belongs to the dot
 */

/**
 * @typedef {object} Dots
 * @property {Float32Array} x pixels of the raster, NaN for a dot that is nowhere
 * @property {Float32Array} y
 * @property {Uint32Array | null} order the rows as they are drawn; null: as they come
 * @property {number} count how many rows are drawn
 * @property {number} [every] only every k-th of them
 * @property {Uint16Array} tint a place in `colours`
 * @property {Uint32Array} colours of the first level, of the second and so on, as pixels
 * @property {Uint8Array | null} level of each row; null: all at the first
 * @property {Disc[][]} discs of each level
 */

/** @param {number} width @param {number} height @param {ArrayBufferLike} [buffer] @returns {Raster} */
export function rasterOf(width, height, buffer = new ArrayBuffer(4 * width * height)) {
  return { width, height, pixels: new Uint32Array(buffer), ids: new Int32Array(width * height).fill(-1) }
}

/**
 * The discs of a radius, one for each place that a centre may have within its pixel.
 * @param {number} radius pixels
 * @param {number} opacity 0 to 1
 * @param {number} width of the raster
 * @returns {Disc[]}
 */
export function discsOf(radius, opacity, width) {
  const reach = Math.ceil(radius + 1)
  return Array.from({ length: PHASES * PHASES }, (_, phase) => {
    const [cx, cy] = [((phase % PHASES) + 0.5) / PHASES, (Math.floor(phase / PHASES) + 0.5) / PHASES]
    const touched = []
    for (let dy = -reach; dy <= reach; dy++)
      for (let dx = -reach; dx <= reach; dx++) {
        const covered = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(dx + 0.5 - cx, dy + 0.5 - cy)))
        const share = Math.round(256 * covered * opacity)
        if (share > 0) touched.push({ dx, dy, share, solid: Number(covered >= SOLID) })
      }
    return {
      reach,
      dx: Int16Array.from(touched, (one) => one.dx),
      dy: Int16Array.from(touched, (one) => one.dy),
      step: Int32Array.from(touched, (one) => one.dy * width + one.dx),
      share: Uint16Array.from(touched, (one) => one.share),
      solid: Uint8Array.from(touched, (one) => one.solid),
    }
  })
}

/** Stamp dots, one over the other. @param {Raster} raster @param {Dots} dots */
export function stamp({ width, height, pixels, ids }, dots) {
  const { x, y, order, count, every = 1, tint, colours, level, discs } = dots
  const size = colours.length / discs.length
  for (let i = 0; i < count; i += every) {
    const row = order ? order[i] : i
    const column = Math.floor(x[row])
    const line = Math.floor(y[row])
    const depth = level ? level[row] : 0
    const phase = ((PHASES * (x[row] - column)) | 0) + PHASES * ((PHASES * (y[row] - line)) | 0)
    const disc = discs[depth][phase]
    if (!disc) continue // nowhere
    const { reach } = disc
    if (column < -reach || line < -reach || column >= width + reach || line >= height + reach) continue
    const colour = colours[depth * size + tint[row]]
    const { step, share, solid } = disc
    const whole = column >= reach && line >= reach && column < width - reach && line < height - reach
    const from = line * width + column
    const [redBlue, green] = [colour & RED_BLUE, colour & GREEN]
    for (let k = 0; k < step.length; k++) {
      if (!whole && !inside(column + disc.dx[k], line + disc.dy[k], width, height)) continue
      const at = from + step[k]
      const over = share[k]
      const under = 256 - over
      const pixel = pixels[at]
      pixels[at] =
        OPAQUE |
        (((Math.imul(pixel & RED_BLUE, under) + Math.imul(redBlue, over)) >>> 8) & RED_BLUE) |
        (((Math.imul(pixel & GREEN, under) + Math.imul(green, over)) >>> 8) & GREEN)
      if (solid[k]) ids[at] = row
    }
  }
}

/** @param {number} x @param {number} y @param {number} width @param {number} height */
function inside(x, y, width, height) {
  return x >= 0 && y >= 0 && x < width && y < height
}
