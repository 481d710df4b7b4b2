/** One map of dots on one canvas, flat or in space, and what is seen on it. */
import { palette } from "./palette.js"
import { pick } from "./pick.js"
import { cameraOf, fitted, flat, inSpace, projectedOf, projectFlat, projectSpace, sortByDepth } from "./project.js"
import { discsOf, rasterOf, stamp } from "./stamp.js"

/** @import {Look, Paint, Place, Points, Projection} from "../shared/browsertypes.js" */
/** @import {Palette} from "./palette.js" */
/** @import {Projected} from "./project.js" */
/** @import {Disc, Raster} from "./stamp.js" */
/** @typedef {{image: CanvasImageSource, x: number, y: number, sizex: number, sizey: number}} Picture under the dots */

/**
 * @typedef {object} Content what a map shows
 * @property {2 | 3} dim
 * @property {Points} points
 * @property {Uint8Array} hidden
 * @property {boolean} preserve whether its axes count alike
 */

const OPACITY = { 2: 0.8, 3: 0.85 }
const LEVELS = 12 // of depth: what is near is larger and clearer
const SHARPEST = 2 // pixels of the image for one of the page
const MARGIN = 9 // pixels beyond the edge from which a dot still shows
const KEPT = 400 // sizes of discs
const FAINT = 0.12 // of the opacity: dots beside those that stand out
const FASTER = 100_000 // dots, of which no more are drawn while a hand moves them
/** The edges of a box, by its corners: bit d of a corner says at which end of axis d it lies. */
const EDGES = [0, 1, 2].flatMap((d) => [0, 1, 2, 3, 4, 5, 6, 7].filter((corner) => !(corner & (1 << d))).map((corner) => [corner, corner | (1 << d)]))

/** Larger dots where there are few: the radius in pixels of the page. @param {number} n @param {2 | 3} dim */
export const radiusOf = (n, dim) => (n <= 1000 ? 7 : n <= 4000 ? 5 : n <= 40_000 ? 4 : 3) * (dim === 3 ? 0.55 : 0.43)

export class DotMap {
  /** @param {number} [size] of its dots, where they are smaller or larger than on a large map */
  constructor(size = 1) {
    this.size = size
    this.canvas = document.createElement("canvas")
    this.canvas.className = "ll-dots"
    this.canvas.setAttribute("aria-hidden", "true")
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d", { alpha: false }))
    /** @type {Place} */
    this.area = { left: 0, top: 0, width: 1, height: 1 }
    /** @type {Content | null} */
    this.content = null
    /** @type {Look} */
    this.look = [0, 1, 0, 1]
    /** @type {Picture[]} */
    this.pictures = []
    this.sharp = 1
    /** @type {Palette | null} */
    this.palette = null
    /** @type {Uint8Array | null} 1 for a row that stands out: the others are faint; null: all are alike */
    this.chosen = null
    this.twice = new Uint32Array(0) // the palette's colours for dots that stand out, and again for faint ones
    this.flatTwice = new Uint32Array(0) // the same of the first level
    /** @type {Raster} */
    this.raster = rasterOf(1, 1)
    /** @type {ImageData | null} */
    this.image = null
    /** @type {Projected} */
    this.projected = projectedOf(0)
    this.order = new Uint32Array(0)
    this.levels = new Uint8Array(0)
    this.count = 0 // rows in `order`
    /** @type {number[]} pixels of the image, a level */
    this.radii = []
    /** @type {Map<string, Disc[]>} */
    this.discs = new Map()
    /** @type {CanvasRenderingContext2D | null} what lies under the dots is drawn here */
    this.under = null
  }

  /** @param {Place} area */
  lay(area) {
    this.area = area
    this.sharp = Math.min(window.devicePixelRatio || 1, SHARPEST)
    const [width, height] = [Math.max(1, Math.round(area.width * this.sharp)), Math.max(1, Math.round(area.height * this.sharp))]
    Object.assign(this.canvas.style, { left: `${area.left}px`, top: `${area.top}px`, width: `${area.width}px`, height: `${area.height}px` })
    if (this.image?.width === width && this.image.height === height) return
    Object.assign(this.canvas, { width, height })
    this.image = new ImageData(width, height)
    this.raster = rasterOf(width, height, this.image.data.buffer)
    this.discs.clear()
    this.under = null
  }

  /** @param {Content} content */
  show(content) {
    const n = content.points.columns[0].length
    if (this.projected.x.length !== n) {
      this.projected = projectedOf(n)
      this.order = new Uint32Array(n)
      this.levels = new Uint8Array(n)
    }
    this.content = content
  }

  /** @param {Paint} paint */
  colour(paint) {
    this.palette = palette(paint, LEVELS)
    const { colours, size } = this.palette
    this.twice = new Uint32Array(2 * colours.length)
    this.twice.set(colours)
    this.twice.set(colours, colours.length)
    this.flatTwice = Uint32Array.from({ length: 2 * size }, (_, i) => colours[i % size])
  }

  /** How it lies, in pixels of the page. @returns {Projection | null} */
  seen(area = this.area) {
    const { content, look } = this
    if (!content) return null
    return content.dim === 2
      ? flat(fitted(look, area, content.preserve), area)
      : inSpace(cameraOf(look, content.points, area, content.preserve), area)
  }

  /** @param {boolean} [moving] a hand moves it: of very many dots, some are enough */
  paint(moving = false) {
    const { content, palette, raster, image, projected } = this
    if (!content || !palette || !image) return
    const { columns } = content.points
    const n = columns[0].length
    this.#clear(palette)
    const every = moving ? Math.ceil(n / FASTER) : 1
    const dots = { x: projected.x, y: projected.y, every, tint: palette.tint }
    const radius = radiusOf(n, content.dim) * this.size * this.sharp
    if (content.dim === 2) {
      projectFlat(columns, content.hidden, fitted(this.look, this.area, content.preserve), raster, projected)
      const { size } = palette
      const discs = this.#discs([radius], 2)
      if (this.chosen) {
        for (let row = 0; row < n; row++) this.order[row] = row
        this.#standOut(n, 1)
      }
      const colours = this.chosen ? this.flatTwice : palette.colours.subarray(0, size)
      stamp(raster, { ...dots, order: this.chosen && this.order, count: n, colours, level: this.chosen && this.levels, discs })
    } else {
      const camera = cameraOf(this.look, content.points, raster, content.preserve)
      projectSpace(columns, content.hidden, camera, raster, projected)
      const { count, nearest, farthest } = sortByDepth(projected, this.order)
      const step = (farthest - nearest) / LEVELS || 1
      for (let i = 0; i < count; i++) {
        const row = this.order[i]
        this.levels[row] = Math.min(LEVELS - 1, Math.floor((projected.depth[row] - nearest) / step))
      }
      this.count = count
      this.#standOut(count, LEVELS)
      const radii = Array.from({ length: LEVELS }, (_, level) => (radius * camera.far) / Math.max(nearest + (level + 0.5) * step, camera.far / 4))
      const colours = this.chosen ? this.twice : palette.colours
      stamp(raster, { ...dots, order: this.order, count, colours, level: this.levels, discs: this.#discs(radii, 3) })
    }
    this.context.putImageData(image, 0, 0)
    return every > 1
  }

  /** Where some rows stand out: they are drawn last, and the others at the faint half of the levels. @param {number} count @param {number} levels of one half */
  #standOut(count, levels) {
    const { chosen, order } = this
    if (!chosen) return
    const rows = order.slice(0, count)
    let [first, last] = [0, rows.reduce((sum, row) => sum + 1 - chosen[row], 0)]
    for (const row of rows) {
      this.levels[row] = (levels === 1 ? 0 : this.levels[row]) + (chosen[row] ? 0 : levels)
      order[chosen[row] ? last++ : first++] = row
    }
  }

  /** The dots as they are painted, in pixels of the page, the hindmost layer first. @returns {{radius: number, opacity: number, dots: {x: number, y: number, colour: string}[]}[]} */
  layers() {
    const { content, palette, sharp, projected, area } = this
    if (!content || !palette) return []
    this.paint()
    const { x, y } = projected
    const deep = content.dim === 3
    const rows = deep ? this.order.subarray(0, this.count) : Uint32Array.from(x, (_, row) => row)
    const seen = rows.filter((row) => x[row] > -MARGIN && y[row] > -MARGIN && x[row] < sharp * area.width + MARGIN && y[row] < sharp * area.height + MARGIN)
    const banks = this.chosen ? [1, 0] : [0] // the faint ones lie below
    return banks.flatMap((bank) => {
      const its = seen.filter((row) => !this.chosen || this.chosen[row] !== bank)
      const size = Math.max(1, Math.ceil(its.length / LEVELS))
      return Array.from({ length: LEVELS }, (_, i) => {
        const level = LEVELS - 1 - i
        const part = deep ? its.filter((row) => this.levels[row] === level + bank * LEVELS) : its.subarray(i * size, (i + 1) * size)
        const dots = Array.from(part, (row) => {
          const colour = css(palette.colours[(deep ? level * palette.size : 0) + palette.tint[row]])
          return { x: x[row] / sharp, y: y[row] / sharp, colour }
        })
        return { radius: this.radii[deep ? level : 0] / sharp, opacity: OPACITY[content.dim] * (bank ? FAINT : 1), dots }
      })
    })
  }

  /** The dot that is seen at a place, or the nearest to it. @param {number} x @param {number} y @param {number} reach pixels of the page */
  pick(x, y, reach) {
    const { sharp } = this
    const found = pick(this.raster, this.projected, x * sharp, y * sharp, reach * sharp)
    return found && { ...found, distance: found.distance / sharp }
  }

  /** @param {number[]} radii of each level @param {2 | 3} dim */
  #discs(radii, dim) {
    this.radii = radii.map((radius) => Math.max(0.5, Math.round(10 * radius) / 10))
    if (this.discs.size > KEPT) this.discs.clear()
    const disc = (/** @type {number} */ radius, /** @type {number} */ share) => {
      const key = `${radius} ${dim} ${share}`
      const known = this.discs.get(key) ?? discsOf(radius, share * OPACITY[dim], this.raster.width)
      this.discs.set(key, known)
      return known
    }
    const sizes = this.radii
    return this.chosen ? [...sizes.map((radius) => disc(radius, 1)), ...sizes.map((radius) => disc(radius, FAINT))] : sizes.map((radius) => disc(radius, 1))
  }

  /** Paper, and what lies under the dots. @param {Palette} palette */
  #clear({ paper }) {
    const { raster, content } = this
    raster.ids.fill(-1)
    if (content?.dim === 2 && !this.pictures.length) {
      raster.pixels.fill(paper)
      return
    }
    const { width, height } = raster
    this.under ??= /** @type {CanvasRenderingContext2D} */ (
      Object.assign(document.createElement("canvas"), { width, height }).getContext("2d", { alpha: false, willReadFrequently: true })
    )
    const { under } = this
    under.fillStyle = css(paper)
    under.fillRect(0, 0, width, height)
    if (content?.dim === 3) this.#box(under)
    else this.#pictures(under)
    raster.pixels.set(new Uint32Array(under.getImageData(0, 0, width, height).data.buffer))
  }

  /** @param {CanvasRenderingContext2D} under */
  #pictures(under) {
    const view = this.seen()
    for (const { image, x, y, sizex, sizey } of this.pictures) {
      const [from, to] = [view?.project([x, y]), view?.project([x + sizex, y - sizey])]
      if (from && to) under.drawImage(image, ...scaled(from, this.sharp), (to[0] - from[0]) * this.sharp, (to[1] - from[1]) * this.sharp)
    }
  }

  /** The edges of the data's box, but for those at its nearest corner. @param {CanvasRenderingContext2D} under */
  #box(under) {
    const { content, palette, sharp } = this
    const view = this.seen()
    if (!content || !palette || !view) return
    under.strokeStyle = css(palette.line)
    under.lineWidth = sharp
    under.beginPath()
    const { away } = cameraOf(this.look, content.points, this.area, content.preserve).turn
    const nearest = away.reduce((corner, value, d) => corner | (Number(value > 0) << d), 0)
    for (const edge of EDGES) {
      if (edge.includes(nearest)) continue // it would stand before the dots
      const [from, to] = edge.map((corner) => view.project(content.points.ranges.map((ends, d) => ends[(corner >> d) & 1])))
      if (!from || !to) continue
      under.moveTo(...scaled(from, sharp))
      under.lineTo(...scaled(to, sharp))
    }
    under.stroke()
  }
}

/** @param {[number, number]} spot @param {number} times @returns {[number, number]} */
const scaled = ([x, y], times) => [x * times, y * times]

/** A pixel as a style sheet writes it. @param {number} pixel */
const css = (pixel) => `rgb(${pixel & 255}, ${(pixel >> 8) & 255}, ${(pixel >> 16) & 255})`
