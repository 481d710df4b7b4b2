/** The maps: what is loaded, what is drawn, and what has to change when Streamlit runs again. */
import * as arrays from "./arrays.js"
import { Card } from "./cards.js"
import { paintOf } from "./colouring.js"
import { drawn } from "./figure.js"
import { listen } from "./gestures.js"
import { Legend } from "./legend.js"
import { Marks } from "./marks.js"
import { Painter } from "./painter.js"
import { hasWebGL, loadPlotly } from "./plotly.js"
import { projection } from "./projection.js"
import { MOST, SvgPainter } from "./svgpainter.js"
import { readTheme } from "./theme.js"
import { element } from "./words.js"

/**
 * @typedef {object} Panel
 * @property {string} title
 * @property {string} note
 * @property {string | null} points_url
 * @property {string} empty
 * @property {string[]} axes
 * @property {string} foot
 * @property {string} corner
 * @property {string | null} space key of the code space that the map shows
 * @property {number[]} dims which coordinates of the code its axes are
 * @property {boolean} preserve_aspect
 */

/** @typedef {import("./studio.js").Data} Data */

const REACH = { 2: 4, 3: 9 } // pixels from a dot within which it is touched
const CLICK_REACH = { 2: 7, 3: 12 }
const SETTLED = 90 // ms without a change of size before the maps are drawn anew
const AGAIN = 500 // ms after a lost graphics card before the maps are drawn anew

/**
 * @typedef {object} Touch
 * @property {number} place which map
 * @property {number | null} row the dot under the pointer
 * @property {number[] | null} point where it is on a flat map
 */

export class LatentMaps {
  /**
   * @param {HTMLElement} parent
   * @param {object} on
   * @param {(touch: Touch | null, event: MouseEvent) => void} on.touch
   * @param {(place: number, row: number) => void} on.pick
   * @param {(place: number, point: number[]) => void} on.put an empty place was clicked
   * @param {() => void} on.undo a double click: what the clicks in it did is taken back
   * @param {(spot: import("./gestures.js").Spot, phase: string, maps: LatentMaps) => boolean} on.drag
   * @param {() => void} on.drawn
   * @param {() => void} on.hidden
   * @param {() => void} on.loaded
   * @param {() => void} on.moved
   */
  constructor(parent, on) {
    this.on = on
    this.root = element("div", "ll-maps")
    this.root.dataset.ready = "false"
    this.grid = element("div", "ll-grid")
    this.marks = new Marks()
    this.painter = new Painter({
      moved: () => this.#moved(),
      lost: () => setTimeout(() => !this.ended && this.scene && this.#draw(), AGAIN),
    })
    this.legend = new Legend(() => this.hide())
    /** @type {Card[]} */
    this.cards = []
    this.grid.append(this.painter.root, this.marks.root)
    this.root.append(this.grid, this.legend.root)
    parent.append(this.root)
    this.quiet = listen(this.grid, (event) => this.#locate(event), {
      touch: (spot, event) => this.#touch(spot, event),
      click: (spot) => this.#click(spot),
      twice: (spot) => this.#twice(spot),
      drag: (spot, phase) => on.drag(spot, phase, this),
    })
    this.resizes = new ResizeObserver(() => this.#resized())
    this.resizes.observe(this.grid)
    this.filter = () => false
  }

  /**
   * Take what Streamlit says now; do only what differs from before.
   * @param {Data} data
   * @param {number | null} pinned
   */
  update(data, pinned) {
    const began = performance.now()
    this.data = data
    this.pinned = pinned
    this.#write()
    const theme = readTheme(this.root)
    const repaint = JSON.stringify(theme) !== JSON.stringify(this.theme)
    this.theme = theme
    this.root.dataset.theme = theme.dark ? "dark" : "light"
    const source = sourceOf(data)
    if (source !== this.source) {
      this.source = source
      this.#load()
    } else if (this.scene?.source === source) {
      this.scene.data = data
      if (repaint) this.recolour()
    }
    performance.measure("latent-lab:update", { start: began })
  }

  /** @param {number | null} id */
  pin(id) {
    this.pinned = id
    this.#write()
  }

  /** @param {import("./marks.js").Spots[]} spots */
  mark(spots) {
    this.marks.set(spots)
    this.#drawMarks()
  }

  /** Other colours, or another theme's. @param {{values: Float32Array, kind: string} | null} [by] null: by class */
  recolour(by = this.by) {
    this.by = by
    if (!this.scene) return
    this.scene.paint = paintOf(this.scene, this.theme, by)
    this.painter.recolour(this.scene)
  }

  /** Show what neither the legend nor the filter hides. @param {(row: number) => boolean} [filter] */
  hide(filter = this.filter) {
    this.filter = filter
    if (!this.scene) return
    this.#sift()
    this.painter.hide(this.scene)
    this.on.hidden()
  }

  #sift() {
    const { hidden: classes } = this.legend
    const { labels } = this.scene
    this.scene.hidden = Uint8Array.from(labels, (label, row) => Number(classes.has(label) || this.filter(row)))
  }

  /** One map's dots lie elsewhere (a film), or (null) where they belong. */
  replace(place, columns) {
    const { scene, painter } = this
    if (!scene?.points[place]) return
    this.home ??= scene.points[place]
    const home = this.home
    scene.points[place] = columns ? { ...home, columns } : home
    if (!columns) this.home = null
    const shown = scene.points[place].columns
    const x = shown[0].map((value, row) => (scene.hidden[row] ? NaN : value))
    painter.move(drawn(scene).indexOf(place), [x, ...shown.slice(1)])
  }

  /** How a map lies now. @param {number} place */
  seen(place) {
    const { painter, scene, places } = this
    if (painter.dim === null || !scene?.points[place] || !places?.[place]) return null
    return projection(painter.root, place, scene.data.dim, places[place])
  }

  end() {
    this.ended = true
    this.resizes.disconnect()
    this.quiet()
    this.#clear()
    this.root.remove()
  }

  #write() {
    const { panels, class_names, n } = this.data
    while (this.cards.length > panels.length) this.cards.pop().root.remove()
    while (this.cards.length < panels.length) {
      const card = new Card(() => this.#load())
      this.cards.push(card)
      this.grid.insertBefore(card.root, this.painter.root)
    }
    this.grid.dataset.panels = String(panels.length)
    const first = panels.findIndex((panel) => panel.points_url)
    panels.forEach((panel, place) => {
      const pin = this.pinned === null ? "" : `${place === first ? "pinned " : ""}◎ #${this.pinned}`
      const drawn = Math.min(n, MOST).toLocaleString("en")
      const few = this.sparse && panel.points_url ? `WebGL is off: ${drawn} of ${n.toLocaleString("en")} dots, no zoom` : ""
      this.cards[place].write(few ? { ...panel, note: few } : panel, pin)
    })
    this.legend.write(class_names)
    this.root.dataset.points = String(n)
  }

  async #load() {
    const { data, source } = this
    const { n, dim } = data
    this.root.dataset.ready = "false"
    data.panels.forEach((panel, place) => {
      const kept = this.scene && this.cards[place].root.dataset.state === "ready"
      this.cards[place].show(panel.points_url ? (kept ? "ready" : "loading") : "empty")
    })
    if (!data.panels.some((panel) => panel.points_url)) return this.#done()
    const sparse = !hasWebGL()
    if (sparse && !this.sparse) this.#useSvg()
    const wait = data.panels.map((panel) => panel.points_url && arrays.points(panel.points_url, n, dim))
    const points = Promise.allSettled(wait)
    try {
      const [Plotly, ids, labels] = await Promise.all([
        sparse ? null : loadPlotly(data.plotly),
        arrays.ids(data.ids_url, n),
        arrays.labels(data.labels_url, n),
      ])
      const settled = await points
      if (this.ended || source !== this.source) return // something newer is on its way
      this.Plotly = Plotly
      settled.forEach(({ status }, place) => status === "rejected" && this.cards[place].show("error"))
      this.scene = { source, data: this.data, points: settled.map((one) => one.value || null), labels, ...ids }
      this.by = this.home = null
      this.filter = () => false
      this.#sift()
      this.scene.paint = paintOf(this.scene, this.theme, null)
      this.on.loaded()
      await this.#draw()
    } catch (error) {
      if (this.ended || source !== this.source) return
      console.warn("Latent Lab: the maps could not be drawn.", error)
      this.#fail("error")
    }
  }

  /** No WebGL: fewer dots, drawn as SVG. */
  #useSvg() {
    this.sparse = true
    const painter = new SvgPainter({ moved: () => this.#moved() })
    this.painter.root.replaceWith(painter.root)
    this.painter = painter
    this.root.dataset.sparse = "true"
    this.#write()
  }

  #fail(state) {
    this.#clear()
    this.cards.forEach((card) => card.panel.points_url && card.show(state))
  }

  async #draw() {
    const { Plotly, scene, source } = this
    await this.painter.draw(Plotly, scene, this.#measure())
    if (this.ended || source !== this.source) return
    drawn(scene).forEach((place) => this.cards[place].show("ready"))
    this.on.drawn()
    // On the screen two frames after Plotly is done.
    requestAnimationFrame(() => requestAnimationFrame(() => source === this.source && this.#painted()))
  }

  #painted() {
    if (this.ended) return
    this.#say()
    if (!performance.getEntriesByName("latent-lab:first-map").length) performance.mark("latent-lab:first-map")
  }

  /** There is not one map to draw. */
  #done() {
    this.#clear()
    this.#say()
  }

  #say() {
    this.root.dataset.ready = "true"
    this.root.dataset.view = this.data.view
  }

  #moved() {
    this.#drawMarks()
    this.on.moved()
  }

  #drawMarks() {
    const { scene, places, marks } = this
    if (!scene || !places || !marks.spots?.length) return
    const seen = scene.points.map((_, place) => this.seen(place))
    marks.draw(seen, places, scene.points.map((points) => points?.ranges))
  }

  /** @param {MouseEvent} event */
  #locate({ clientX, clientY }) {
    const frame = this.grid.getBoundingClientRect()
    const [x, y] = [clientX - frame.left, clientY - frame.top]
    const inside = ({ left, top, width, height }) => x >= left && y >= top && x < left + width && y < top + height
    const place = this.scene && this.places ? this.places.findIndex(inside) : -1
    if (place < 0 || !this.scene.points[place]) return null
    return { place, x: x - this.places[place].left, y: y - this.places[place].top }
  }

  /** What lies under a spot: a dot, a point of the map, or both. */
  under({ place, x, y }, reach = REACH) {
    const view = this.seen(place)
    if (!view) return null
    const { data, points, hidden } = this.scene
    const hit = view.hit(points[place].columns, x, y, reach[data.dim], (row) => hidden[row] === 1)
    return { place, row: hit?.row ?? null, point: view.unproject?.(x, y) ?? null }
  }

  #touch(spot, event) {
    const touch = spot && this.under(spot)
    this.root.classList.toggle("ll-pointing", Boolean(touch && touch.row !== null))
    this.on.touch(touch, event)
  }

  #click(spot) {
    const touch = this.under(spot, CLICK_REACH)
    if (!touch) return
    if (touch.row !== null) this.on.pick(spot.place, touch.row)
    else if (touch.point) this.on.put(spot.place, touch.point)
  }

  /** Plotly has brought a flat map back; one in space goes back to its first camera. */
  #twice(spot) {
    this.on.undo()
    this.painter.resetCamera(spot.place)
  }

  #measure() {
    const frame = this.grid.getBoundingClientRect()
    this.size = { width: Math.round(frame.width), height: Math.round(frame.height) }
    this.places = this.cards.map((card) => card.place(frame))
    return { size: this.size, places: this.places }
  }

  #resized() {
    clearTimeout(this.waiting)
    this.waiting = setTimeout(() => {
      if (this.ended || !this.scene) return
      const before = JSON.stringify([this.size, this.places])
      const ground = this.#measure()
      if (before !== JSON.stringify([this.size, this.places]) && this.size.width) this.painter.resize(this.scene, ground)
    }, SETTLED)
  }

  #clear() {
    this.painter.clear()
    this.scene = null
    this.marks.set([])
  }
}

/** What the dots depend on; everything else changes without drawing them again. */
function sourceOf({ panels, dim, n, ids_url, labels_url, class_names, view }) {
  const maps = panels.map(({ points_url, preserve_aspect }) => [points_url, preserve_aspect])
  return JSON.stringify([maps, dim, n, ids_url, labels_url, class_names, view])
}
