/** The maps: what is loaded, what is drawn, and what has to change when Streamlit runs again. */
import { Card } from "./cards.js"
import { groupsOf, paintOf } from "./colouring.js"
import { Legend } from "./legend.js"
import { load, sourceOf } from "../shared/loading.js"
import { home, same, short } from "./viewport.js"
import { Marks } from "./marks.js"
import { drawn, Painter } from "./painter.js"
import { Pointing } from "./pointing.js"
import { readTheme } from "../shared/theme.js"
import { element } from "../shared/text.js"

/** @import {Colouring, Lie, Look, Place, Points, Projection, Scene, Spot, Spots, Touch} from "../shared/browsertypes.js" */
/** @import {CanvasPayload} from "../shared/types.js" */
/** @import {Phase} from "../select/lasso.js" */
/** @import {Theme} from "../shared/theme.js" */

/**
 * @typedef {object} On what is done where something happens on the maps
 * @property {(touch: Touch | null, spot: Spot | null) => void} touch
 * @property {(row: number) => void} pick a dot was clicked
 * @property {(place: number, point: number[]) => void} put an empty place was clicked
 * @property {() => void} undo a double click: what the clicks in it did is taken back
 * @property {(spot: Spot, phase: Phase) => boolean} drag true when it takes the drag from the map
 * @property {() => void} loaded
 * @property {() => void} drawn
 * @property {() => void} moved
 * @property {(looks: (Look | null)[]) => void} looked how the maps lie, after a change; null: as at first
 * @property {() => void} hidden rows were hidden or came back
 * @property {() => void} recoloured
 * @property {(key: string) => void} choose another map is to stand in a place
 */

const FIRST = "latent-lab:first-map" // a mark in the browser's own timeline: the dots are seen, and zoom and turn
const SETTLED = 90 // ms without a change of size before the maps are drawn anew
const RESTED = 300 // ms without a zoom or a turn before it is told
const UNSEEN = 1000 // ms until frames are no longer waited for

export class LatentMaps {
  /**
   * @param {HTMLElement} parent
   * @param {On} on
   */
  constructor(parent, on) {
    this.on = on
    this.root = element("div", "ll-maps")
    this.root.dataset.ready = "false"
    this.grid = element("div", "ll-grid")
    this.marks = new Marks()
    this.painter = new Painter(this.grid, { moved: () => this.#moved(), rested: () => this.#rested() })
    this.legend = new Legend(() => this.hide())
    /** @type {Card[]} */
    this.cards = []
    /** @type {CanvasPayload | null} */
    this.data = null
    /** @type {number | null} */
    this.pinned = null
    /** @type {Scene | null} */
    this.scene = null
    /** @type {Theme | null} */
    this.theme = null
    /** @type {Colouring | null} null: coloured by class */
    this.by = null
    /** @type {Points | null} where the dots of a map belong that is shown as it was */
    this.home = null
    /** @type {Place[]} */
    this.places = []
    this.size = { width: 0, height: 0 }
    this.source = ""
    this.ended = false
    this.waiting = this.resting = 0
    /** @type {(Look | null)[]} how the maps lie, as Python knows it */
    this.told = []
    this.grid.append(this.marks.root)
    this.root.append(this.grid, this.legend.root)
    parent.append(this.root)
    this.pointing = new Pointing(this, on)
    this.resizes = new ResizeObserver(() => this.#resized())
    this.resizes.observe(this.grid)
  }

  /**
   * Take what Streamlit says now; do only what differs from before.
   * @param {CanvasPayload} data
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
      this.#load(data)
    } else if (this.scene?.source === source) {
      this.scene.data = data
      if (repaint) this.recolour()
    }
    performance.measure("latent-lab:update", { start: began })
    return theme
  }

  /** @param {number | null} id */
  pin(id) {
    this.pinned = id
    this.#write()
  }

  /** @param {Spots[]} spots */
  mark(spots) {
    this.marks.set(spots)
    this.#drawMarks()
  }

  /** Other colours, or another theme's. @param {Colouring | null} [by] null: by class */
  recolour(by = this.by) {
    this.by = by
    if (!this.scene || !this.theme) return
    this.scene.paint = paintOf(this.scene, this.theme, by)
    this.painter.recolour(this.scene)
    this.on.recoloured()
    if (this.#list()) this.hide()
  }

  /** The legend lists clusters where dots are coloured by them, else classes; returns whether that changed. */
  #list() {
    const by = this.by && "groups" in this.by ? this.by.groups.names : null
    return this.legend.write(by ?? this.data?.class_names ?? [], by ? "Clusters" : "Classes")
  }

  /** Show what the legend does not hide. */
  hide() {
    if (!this.scene) return
    this.scene.hidden = this.#sifted(this.scene)
    this.painter.again(this.scene)
    this.on.hidden()
  }

  /** @param {{labels: Uint8Array, data: CanvasPayload}} scene */
  #sifted(scene) {
    const { hidden } = this.legend
    return groupsOf(scene, this.by).labels.map((label) => Number(hidden.has(label)))
  }

  /** One map's dots lie elsewhere (a film), or (null) where they belong. @param {number} place @param {Float32Array[] | null} columns */
  replace(place, columns) {
    const { scene, painter } = this
    const now = scene?.points[place]
    if (!scene || !now) return
    this.home ??= now
    const home = this.home
    const shown = columns ?? home.columns
    scene.points[place] = { ...home, columns: shown }
    if (!columns) this.home = null
    painter.again(scene)
  }

  /** How a map lies now. @param {number} place @returns {Projection | null} */
  seen(place) {
    return this.scene?.points[place] ? this.painter.seen(place) : null
  }

  end() {
    this.ended = true
    clearTimeout(this.resting)
    this.resizes.disconnect()
    this.pointing.end()
    this.#clear()
    this.root.remove()
  }

  #write() {
    if (!this.data) return
    const { panels } = this.data
    while (this.cards.length > panels.length) this.cards.pop()?.root.remove()
    while (this.cards.length < panels.length) {
      const card = new Card({ again: () => this.data && this.#load(this.data), choose: (key) => this.on.choose(key) })
      this.cards.push(card)
      this.grid.insertBefore(card.root, this.painter.root)
      this.pointing.cursor.listen(card, this.cards.length - 1)
    }
    this.grid.dataset.panels = String(panels.length)
    const first = panels.findIndex((panel) => panel.points_url)
    panels.forEach((panel, place) => {
      const pin = this.pinned === null ? "" : `${place === first ? "pinned " : ""}◎ #${this.pinned}`
      this.cards[place].write(panel, pin, this.pointing.cursor.hint)
    })
    this.#list()
    this.root.dataset.points = String(this.data.n)
  }

  /** @param {CanvasPayload} data */
  async #load(data) {
    const { source } = this
    this.root.dataset.ready = "false"
    data.panels.forEach((panel, place) => {
      const kept = this.scene && this.cards[place].root.dataset.state === "ready"
      this.cards[place].show(panel.points_url ? (kept ? "ready" : "loading") : "empty")
    })
    if (!data.panels.some((panel) => panel.points_url)) return this.#done()
    const stale = () => this.ended || source !== this.source // something newer is on its way
    try {
      const { failed, ...loaded } = await load(data)
      if (stale() || !this.data || !this.theme) return
      failed.forEach((place) => this.cards[place].show("error"))
      this.home = null
      if (this.scene?.data.view !== this.data.view) {
        this.told = this.data.looks
        this.by = null
        this.#list()
      }
      const rows = { labels: loaded.labels, data: this.data }
      this.scene = { source, data: this.data, ...loaded, hidden: this.#sifted(rows), paint: paintOf(rows, this.theme, this.by) }
      this.on.loaded()
      await this.#draw(this.scene)
    } catch (error) {
      if (stale()) return
      console.warn("Latent Lab: the maps could not be drawn.", error)
      this.#clear()
      this.cards.forEach((card) => card.panel?.points_url && card.show("error"))
    }
  }

  /** @param {Scene} scene */
  async #draw(scene) {
    const { source } = this
    this.painter.draw(scene, this.#measure())
    drawn(scene).forEach(([place]) => this.cards[place].show("ready"))
    this.on.drawn()
    await shown()
    if (this.ended || source !== this.source) return
    this.#say()
    if (!performance.getEntriesByName(FIRST).length) performance.mark(FIRST)
  }

  /** There is not one map to draw. */
  #done() {
    this.#clear()
    this.#say()
  }

  #say() {
    this.root.dataset.ready = "true"
    this.root.dataset.view = this.data?.view
  }

  #moved() {
    this.#drawMarks()
    this.on.moved()
  }

  #rested() {
    clearTimeout(this.resting)
    this.resting = window.setTimeout(() => this.#tellLooks(), RESTED)
  }

  #tellLooks() {
    const { scene, painter } = this
    if (this.ended || !scene || scene.source !== this.source) return
    const looks = scene.points.map((points, place) => {
      const look = points && painter.asked(place)
      return !look || same(look, home(points, scene.data.dim)) ? null : short(look)
    })
    if (looks.every((look, place) => same(look, this.told[place]))) return
    this.told = looks
    this.on.looked(looks)
  }

  #drawMarks() {
    const { scene, places, marks } = this
    if (!scene || !places.length || !marks.spots.length) return
    const seen = scene.points.map((_, place) => this.seen(place))
    marks.draw(seen, places, scene.points.map((points) => points?.ranges))
  }

  /** @returns {Lie} */
  #measure() {
    const frame = this.grid.getBoundingClientRect()
    this.size = { width: Math.round(frame.width), height: Math.round(frame.height) }
    this.places = this.cards.map((card) => card.place(frame))
    return { size: this.size, places: this.places }
  }

  #resized() {
    clearTimeout(this.waiting)
    this.waiting = window.setTimeout(() => {
      if (this.ended || !this.scene) return
      const before = JSON.stringify([this.size, this.places])
      const lie = this.#measure()
      if (before !== JSON.stringify([this.size, this.places]) && this.size.width) {
        this.painter.resize(lie)
      }
    }, SETTLED)
  }

  #clear() {
    this.painter.clear()
    this.scene = null
    this.marks.set([])
  }
}

/** What was drawn is on the screen: two frames later; in a page that nobody sees, soon. */
const shown = () =>
  new Promise((go) => {
    setTimeout(go, UNSEEN)
    requestAnimationFrame(() => requestAnimationFrame(go))
  })
