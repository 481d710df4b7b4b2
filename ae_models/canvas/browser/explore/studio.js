/** The whole canvas: strip, maps, what is under them; what is looked at, and drawn by the decoders. */
import * as arrays from "../shared/arrays.js"
import { Decoders } from "../decode/decoders.js"
import { Extras } from "./extras.js"
import { nearestPictures, squaredError } from "../decode/difference.js"
import { coded, look } from "../decode/decode_view.js"
import { LatentMaps } from "../painter/maps.js"
import { Neighbours } from "../select/neighbor_rows.js"
import { Sliders } from "../decode/sliders.js"
import { ViewState } from "../decode/view_state.js"
import { Strip } from "../decode/strip.js"
import { Messages } from "../shared/messages.js"
import { Tip } from "../painter/tooltip.js"
import { element, named } from "../shared/text.js"
import { say } from "../shared/sentences.js"

/** @import {Found, DecodeContext, LoadedSheet, DecodedPoint, Spot, Touch} from "../shared/browsertypes.js" */
/** @import {CanvasPayload} from "../shared/types.js" */

const AFTER_MAPS = 1500 // ms: the decoders wait for the first map, but not for ever
const NEAREST = 8

export class Studio {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.turn = 0
    this.root = element("div", "ll-canvas")
    this.messages = new Messages()
    this.decoders = new Decoders()
    this.viewState = new ViewState(this)
    this.sliders = new Sliders({
      move: (dim, value) => this.viewState.slide(dim, value),
      release: () => this.viewState.tellPoint(),
      home: () => this.viewState.goHome(),
    })
    this.strip = new Strip(this.sliders)
    this.tip = new Tip()
    this.root.append(this.strip.root, this.sliders.drawer)
    this.maps = new LatentMaps(this.root, {
      touch: (touch, spot) => this.#touched(touch, spot),
      pick: (row) => this.viewState.pick(row),
      put: (place, point) => this.viewState.put(place, point),
      undo: () => this.viewState.undo(),
      drag: (spot, phase) => this.extras.drag(spot, phase),
      loaded: () => this.#settle(),
      drawn: () => this.#drawn(),
      moved: () => this.extras.moved(),
      looked: (looks) => this.data && this.messages.say({ [this.data.dim === 3 ? "camera" : "zoom"]: looks, view: this.data.view }),
      choose: (chosen) => this.messages.say({ chosen }),
      recoloured: () => this.extras.plane.draw(),
      hidden: () => {
        this.refresh()
        this.extras.moved()
        this.extras.plane.draw()
      },
    })
    this.extras = new Extras(this)
    const { tools, slot, code, selection, thumbs } = this.extras
    this.maps.grid.append(thumbs.root, this.tip.root)
    this.neighbours = new Neighbours((near) => this.viewState.choose(near))
    const tray = element("div", "ll-tray")
    tray.append(this.neighbours.root, selection.gallery.root, code)
    this.root.append(tools.root, slot, tray)
    parent.append(this.root)
    parent.querySelector(".ll-hold-canvas")?.remove()
    this.root.dataset.decodes = "false"
    this.showMaps = () => {}
    this.mapsShown = new Promise((resolve) => (this.showMaps = () => resolve(null)))
    /** @type {CanvasPayload | null} */
    this.data = null
    /** @type {Touch | null} */
    this.touch = null
    /** @type {DecodedPoint | null} */
    this.moment = null
    /** @type {{sheets: LoadedSheet[], codes: Map<string, Float32Array>} | null} */
    this.stuff = null
    /** @type {Map<string, {row: number, image: Float32Array}>} each decoder's last picture of an image */
    this.kept = new Map()
    /** @type {number | null} when the last wish to look again came, until it is taken up */
    this.wanted = null
    this.view = this.source = ""
    this.dark = this.busy = this.ended = false
  }

  /**
   * @param {CanvasPayload} data
   * @param {(message: object) => void} send
   * @returns {number} which call this was
   */
  update(data, send) {
    this.turn += 1
    this.data = data
    this.messages.through(send)
    this.messages.hear(data.heard)
    const other = data.view !== this.view
    this.view = data.view
    this.viewState.set(data, other)
    if (other) {
      this.touch = null
      this.kept.clear()
    }
    const here = data.decode === "browser" && data.spaces.length > 0
    this.root.dataset.decode = here ? "browser" : "server"
    this.neighbours.set(this.viewState.near)
    this.strip.set(data)
    this.dark = this.maps.update(data, this.viewState.pinned).dark
    this.root.dataset.theme = this.dark ? "dark" : "light"
    this.extras.set(data, other)
    this.#load(data, here)
    this.mark()
    this.refresh()
    return this.turn
  }

  end() {
    this.ended = true
    this.messages.end()
    this.viewState.end()
    this.maps.end()
    this.root.remove()
  }

  /** Fetch what the data names: pictures and codes at once, the decoders when the maps are there. @param {CanvasPayload} data @param {boolean} here */
  async #load(data, here) {
    const { spaces, images, n } = data
    const source = JSON.stringify([here, spaces.map((s) => [s.decoder_url, s.codes_url]), images.map((s) => s.url), n])
    if (source === this.source) return
    this.source = source
    this.stuff = null
    this.root.dataset.decodes = "false"
    if (!here) return
    const current = () => !this.ended && source === this.source
    try {
      const decoders = Promise.race([this.mapsShown, new Promise((go) => setTimeout(go, AFTER_MAPS))]).then(() =>
        current() ? this.decoders.load(data.runtime, spaces) : undefined,
      )
      decoders.catch(() => {}) // it is waited for below
      const [sheets, codes] = await Promise.all([
        Promise.all(images.map(async (s) => ({ ...s, bytes: await arrays.bytes(s.url, n * s.shape[0] * s.shape[1] * s.shape[2]) }))),
        Promise.all(spaces.map((space) => arrays.floats(space.codes_url, n * space.axes.length))),
      ])
      if (!current()) return
      this.stuff = { sheets, codes: new Map(spaces.map((space, i) => [space.key, codes[i]])) }
      this.refresh()
      this.extras.loaded()
      await decoders
      if (!current()) return
      this.root.dataset.decodes = "true"
      this.refresh()
      this.extras.loaded()
      this.extras.moved()
    } catch (error) {
      if (current()) this.#cannot(error)
    }
  }

  /** @param {unknown} error */
  #cannot(error) {
    console.warn("Latent Lab: this browser cannot decode.", error)
    this.messages.say({ cannot: String(error instanceof Error ? error.message : error).slice(0, 200) })
  }

  /** @returns {DecodeContext | null} null while something is missing */
  ground() {
    const { data, stuff, viewState } = this
    const { scene } = this.maps
    if (!data || !stuff || !scene || scene.data.view !== data.view || this.root.dataset.decode !== "browser") return null
    const spaces = new Map(data.spaces.map((space) => [space.key, { space, codes: stuff.codes.get(space.key) ?? new Float32Array() }]))
    const pinnedRow = scene.rowOf.get(viewState.pinned ?? -1) ?? 0
    const { ids, labels } = scene
    const rest = spaces.has(viewState.rest.space) ? viewState.rest : { space: data.spaces[0].key, z: null }
    const name = (/** @type {number} */ row) => named(ids[row], data.class_names[labels[row]])
    return { data, spaces, sheets: stuff.sheets, plain: stuff.sheets[0], ids, name, dark: this.dark, scene, pinnedRow, rest }
  }

  #settle() {
    this.kept.clear()
    this.mark()
    this.refresh()
    this.extras.loaded()
  }

  #drawn() {
    this.showMaps()
    this.mark()
    this.refresh()
    this.extras.moved()
  }

  /** Look again, now, or as soon as the picture in the making is painted: of many wishes only the last. */
  refresh(entered = performance.now()) {
    this.wanted = entered
    if (this.busy) return
    this.busy = true
    this.#paint(entered)
      .catch((error) => !this.ended && this.#cannot(error))
      .finally(() => {
        this.busy = false
        if (this.wanted !== null && !this.ended) this.refresh(this.wanted)
      })
  }

  /** @param {number} entered */
  async #paint(entered) {
    this.wanted = null
    const ground = this.ground()
    if (!ground) return
    const moment = look(this.touch, ground)
    this.moment = moment
    const drawn = this.root.dataset.decodes === "true" ? await this.#decode(moment) : new Map()
    if (this.ended || this.data !== ground.data) return
    this.strip.paint(ground, drawn)
    if (drawn.size) this.#report(entered)
    this.#describe(moment, ground, drawn)
  }

  /** For whoever measures: the milliseconds from the pointer's event to both pictures painted. @param {number} entered */
  #report(entered) {
    const detail = { milliseconds: performance.now() - entered, entered }
    this.root.dispatchEvent(new CustomEvent("latent-lab:painted", { detail, bubbles: true }))
  }

  /** @param {DecodedPoint} moment */
  async #decode({ draws }) {
    /** @type {Map<string, Float32Array>} */
    const drawn = new Map()
    for (const [key, { code, row }] of draws) {
      const before = this.kept.get(key)
      if (row !== null && before?.row === row) drawn.set(key, before.image)
      else {
        const image = await this.decoders.draw(key, code, 1)
        drawn.set(key, image)
        if (row !== null) this.kept.set(key, { row, image })
      }
    }
    return drawn
  }

  /** @param {DecodedPoint} moment @param {DecodeContext} ground @param {Map<string, Float32Array>} drawn */
  #describe(moment, ground, drawn) {
    const errors = new Map()
    for (const [key, { row }] of moment.draws) {
      const image = drawn.get(key)
      errors.set(key, row === null || !image ? null : squaredError(image, ground.sheets[0], row))
    }
    const found = this.viewState.near === "pixels" ? nearestPictures(drawn.get(moment.space), ground, NEAREST) : null
    const near = found ?? moment.near
    this.strip.say(moment, ground, errors, closest(moment, ground, near, Boolean(found)))
    const spread = this.extras.drawnSamples
    if (spread) this.neighbours.samples(spread, ground)
    else this.neighbours.show(near, ground)
    this.extras.looked(moment, ground)
    const { space } = coded(ground, moment.space)
    const shown = coded(ground, ground.rest.space).space
    if (space.axes.length === shown.axes.length || !moment.touched) {
      this.sliders.set(space)
      this.sliders.stand(moment.z, Boolean(ground.rest.z), `#${ground.ids[ground.pinnedRow]}`)
    }
    Object.assign(this.root.dataset, {
      kind: moment.kind,
      space: moment.space,
      point: Array.from(moment.z).join(),
      image: String(ground.ids[moment.row]),
      nearest: String(ground.ids[near.rows[0]]),
      verdict: moment.verdict,
    })
    this.mark()
  }

  /** Put the rings and the cross where they belong. */
  mark() {
    const { data, moment, viewState } = this
    const { scene } = this.maps
    if (!data || !scene || scene.data.view !== data.view) return
    const seen = this.root.dataset.decode === "browser" && this.stuff ? moment : null
    const pinnedRow = scene.rowOf.get(viewState.pinned ?? -1)
    const z = seen ? (seen.kind === "point" ? seen.z : null) : data.point
    const drive = seen ? seen.space : data.drive
    const lit = seen?.touched && seen.kind !== "point" ? seen.row : this.touch?.row
    const other = seen?.kind === "point" ? seen.near.rows[0] : undefined
    const { dims, space } = scene.data.panels[0]
    this.extras.plane.mark(seen && seen.space === space && dims.length === 3 ? dims.map((dim) => seen.z[dim]) : null)
    this.maps.mark(
      scene.data.panels.map((panel, place) => {
        const columns = scene.points[place]?.columns
        const at = (/** @type {number | null | undefined} */ row) =>
          row === undefined || row === null || !columns ? null : columns.map((column) => column[row])
        const cross = z && panel.space === drive && panel.dims.length === scene.data.dim ? panel.dims.map((dim) => z[dim]) : null
        return { ring: at(pinnedRow), lit: at(lit), other: at(other), cross, axes: panel.axes, ...this.extras.spots(place, scene) }
      }),
    )
  }

  /** @param {Touch | null} touch @param {Spot | null} spot */
  #touched(touch, spot) {
    const entered = performance.now()
    this.touch = touch
    const { scene, places, size } = this.maps
    if (scene && spot && touch && touch.row !== null) {
      const name = named(scene.ids[touch.row], scene.data.class_names[scene.labels[touch.row]])
      const { left, top } = places[spot.place]
      this.tip.say(name, left + spot.x, top + spot.y, size.width)
    } else this.tip.say("")
    if (this.root.dataset.decode === "browser") this.refresh(entered)
    else this.mark()
  }

  /** The pointer is over the plane through a code. @param {number[] | null} point */
  touchPoint(point) {
    const entered = performance.now()
    this.touch = point && { place: 0, row: null, point }
    this.refresh(entered)
  }
}

/** The real image that the strip shows as the nearest. @param {DecodedPoint} moment @param {DecodeContext} ground @param {Found} near @param {boolean} byPicture */
function closest({ kind, row }, { name }, near, byPicture) {
  if (kind === "neighbour") return { row, text: `${name(row)}, nearest on this map`, tip: "This map has no decoder." }
  const first = near.rows[0] ?? row
  const tip = byPicture ? say("Euclidean distance from the drawn {picture}, in {parts}.") : "Euclidean distance between codes."
  return { row: first, text: `${name(first)} · ${(near.distances[0] ?? 0).toFixed(2)} away`, tip }
}
