/** One set of maps on a page: what is loaded, what is drawn, and what has to change when Streamlit runs again. */
import * as arrays from "./arrays.js"
import { Card } from "./cards.js"
import { drawn } from "./figure.js"
import { Legend } from "./legend.js"
import { Marks } from "./marks.js"
import { Painter } from "./painter.js"
import { hasWebGL, loadPlotly } from "./plotly.js"
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
 * @property {number[] | null} cross
 * @property {boolean} preserve_aspect
 */

/**
 * @typedef {object} Data
 * @property {string} plotly address of plotly.min.js
 * @property {Panel[]} panels
 * @property {2 | 3} dim
 * @property {number} n
 * @property {string} ids_url
 * @property {string} labels_url
 * @property {string[]} class_names
 * @property {number | null} pinned
 * @property {string} view
 */

const TWICE = 300 // ms in which a second click makes a double click, as Plotly counts
const SETTLED = 90 // ms without a change of size before the maps are drawn anew
const AGAIN = 500 // ms after a lost graphics card before the maps are drawn anew

export class LatentMaps {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.turn = 0
    this.root = element("div", "ll-maps")
    this.root.dataset.ready = "false"
    this.grid = element("div", "ll-grid")
    this.marks = new Marks()
    this.painter = new Painter({
      moved: () => this.#drawMarks(),
      pick: (row) => this.#pick(this.scene.ids[row]),
      point: (pointing) => this.root.classList.toggle("ll-pointing", pointing),
      move: () => (this.away = true),
      twice: (event) => this.#home(event),
      lost: () => setTimeout(() => !this.ended && this.scene && this.#draw(), AGAIN),
    })
    this.legend = new Legend((hidden) => this.scene && this.painter.hide(this.scene, hidden))
    /** @type {Card[]} */
    this.cards = []
    this.grid.append(this.painter.root, this.marks.root)
    this.root.append(this.grid, this.legend.root)
    parent.append(this.root)
    parent.querySelector(".ll-hold-maps")?.remove()
    this.resizes = new ResizeObserver(() => this.#resized())
    this.resizes.observe(this.grid)
  }

  /**
   * Take what Streamlit says now; do only what differs from before.
   * @param {Data} data
   * @param {(id: number) => void} tell
   * @returns {number} which call this was
   */
  update(data, tell) {
    const began = performance.now()
    this.turn += 1
    this.data = data
    this.tell = tell
    this.pinned = data.pinned
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
      if (repaint) this.painter.repaint(theme)
      this.#mark()
    }
    performance.measure("latent-lab:update", { start: began })
    return this.turn
  }

  end() {
    this.ended = true
    this.resizes.disconnect()
    clearTimeout(this.picking)
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
      this.cards[place].write(panel, pin)
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
    if (!hasWebGL()) return this.#fail("no-webgl")
    const wait = data.panels.map((panel) => panel.points_url && arrays.points(panel.points_url, n, dim))
    const points = Promise.allSettled(wait)
    try {
      const [Plotly, ids, labels] = await Promise.all([
        loadPlotly(data.plotly),
        arrays.ids(data.ids_url, n),
        arrays.labels(data.labels_url, n),
      ])
      const settled = await points
      if (this.ended || source !== this.source) return // something newer is on its way
      this.Plotly = Plotly
      settled.forEach(({ status }, place) => status === "rejected" && this.cards[place].show("error"))
      this.scene = { source, data: this.data, points: settled.map((one) => one.value || null), labels, ...ids }
      await this.#draw()
    } catch (error) {
      if (this.ended || source !== this.source) return
      console.warn("Latent Lab: the maps could not be drawn.", error)
      this.#fail("error")
    }
  }

  #fail(state) {
    this.#clear()
    this.cards.forEach((card) => card.panel.points_url && card.show(state))
  }

  async #draw() {
    const { Plotly, scene, source, legend } = this
    this.away &&= this.root.dataset.view === scene.data.view // another view starts from home
    await this.painter.draw(Plotly, scene, this.theme, legend.hidden, this.#measure())
    if (this.ended || source !== this.source) return
    drawn(scene).forEach((place) => this.cards[place].show("ready"))
    this.#mark()
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

  /**
   * The ring moves at once; Python hears, and its next run says the same. Where a double click would bring a zoomed
   * map back, Python hears only when the click has stayed a single one.
   */
  #pick(id) {
    clearTimeout(this.picking)
    this.#pin(id)
    if (this.away) this.picking = setTimeout(() => this.tell(id), TWICE)
    else this.tell(id)
  }

  #pin(id) {
    this.pinned = id
    this.#write()
    if (this.scene) this.#mark()
  }

  #mark() {
    const { scene } = this
    const row = scene.rowOf.get(this.pinned)
    this.marks.set(
      scene.data.panels.map((panel, place) => ({
        ring: row === undefined || !scene.points[place] ? null : scene.points[place].columns.map((c) => c[row]),
        cross: panel.cross,
        axes: panel.axes,
      })),
    )
    this.#drawMarks()
  }

  #drawMarks() {
    const { painter, scene, places } = this
    if (painter.dim !== null && scene && this.marks.spots) this.marks.draw(painter.root, scene, places)
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

  /** After a double click: nothing was pinned by it, and a map in space is back at its first camera. */
  #home(event) {
    if (this.away) {
      clearTimeout(this.picking)
      this.#pin(this.data.pinned)
      this.away = false
    }
    if (!event) return
    const place = this.cards.findIndex((card) => card.holds(event))
    if (place >= 0 && this.scene?.points[place]) this.painter.resetCamera(place)
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
