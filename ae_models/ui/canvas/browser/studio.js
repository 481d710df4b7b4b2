/** The whole canvas: strip, maps, what is under them; what is looked at, drawn by the decoders, and told to Python. */
import * as arrays from "./arrays.js"
import { Decoders } from "./decoders.js"
import { Extras } from "./extras.js"
import { codeOf, look } from "./look.js"
import { LatentMaps } from "./maps.js"
import { nearest } from "./nearest.js"
import { Neighbours } from "./neighbours.js"
import { short, Sliders } from "./sliders.js"
import { Strip } from "./strip.js"
import { Talk } from "./talk.js"
import { Tip } from "./tip.js"
import { element, named } from "./words.js"

/** @typedef {{name: string, low: number, high: number, start: number, stop: number, step: number}} Axis */

/**
 * @typedef {object} Space see `CodeSpace` in face.py
 * @property {string} key
 * @property {string} title
 * @property {string} decoder_url
 * @property {string} codes_url
 * @property {[number, number, number]} shape
 * @property {Axis[]} axes
 * @property {number[]} order
 * @property {[number, number | null, number | null]} support
 * @property {string} errors_url
 * @property {string} distances_url
 * @property {string | null} noise_url
 */

/** @typedef {{title: string, url: string, shape: [number, number, number], levels: number, bytes?: Uint8Array}} Sheet */

/**
 * @typedef {object} Data what Python's `latent_canvas` says
 * @property {string} plotly address of plotly.min.js
 * @property {string} runtime address of ONNX Runtime's module
 * @property {import("./maps.js").Panel[]} panels
 * @property {Space[]} spaces
 * @property {Sheet[]} images
 * @property {2 | 3} dim
 * @property {number} n
 * @property {string} ids_url
 * @property {string} labels_url
 * @property {string[]} class_names
 * @property {string} kind
 * @property {number | null} pinned
 * @property {string} drive
 * @property {number[] | null} point
 * @property {"codes" | "pixels"} near
 * @property {"browser" | "server"} decode
 * @property {string} view
 * @property {number} heard
 * @property {any} film see `Film` in face.py, or null
 * @property {string} code
 */

/**
 * @typedef {object} Ground everything that is looked at, loaded
 * @property {Data} data
 * @property {Map<string, {space: Space, codes: Float32Array}>} spaces
 * @property {Sheet[]} sheets with their bytes
 * @property {Sheet} plain the sheet that real images are shown from
 * @property {Int32Array} ids
 * @property {(row: number) => string} name "#0, a 7"
 * @property {boolean} dark
 */

const AFTER_MAPS = 1500 // ms: the decoders wait for the first map, but not for ever

export class Studio {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.turn = 0
    this.root = element("div", "ll-canvas")
    this.talk = new Talk()
    this.decoders = new Decoders()
    this.sliders = new Sliders({
      move: (dim, value) => this.#slide(dim, value),
      release: () => this.#tellPoint(),
      home: () => this.#goHome(),
    })
    this.strip = new Strip(this.sliders)
    this.tip = new Tip()
    this.root.append(this.strip.root, this.sliders.drawer)
    this.maps = new LatentMaps(this.root, {
      touch: (touch, event) => this.#touched(touch, event),
      pick: (_, row) => this.pick(row),
      put: (place, point) => this.put(place, point),
      undo: () => this.#undo(),
      drag: (spot, phase) => this.extras.drag(spot, phase),
      loaded: () => this.#settle(),
      drawn: () => this.#drawn(),
      moved: () => this.extras.moved(),
      hidden: () => {
        this.refresh()
        this.extras.moved()
      },
    })
    this.extras = new Extras(this)
    const { tools, status, film, code, gallery, plane, thumbs } = this.extras
    this.maps.grid.append(thumbs.root, plane.root, this.tip.root)
    this.root.append(tools.root, status, film.root, code)
    this.neighbours = new Neighbours((near) => this.#choose(near))
    this.root.append(this.neighbours.root, gallery.root)
    this.root.addEventListener("pointerup", () => (this.sliding = false)) // also where a drag came back to its start
    parent.append(this.root)
    parent.querySelector(".ll-hold-canvas")?.remove()
    this.root.dataset.decodes = "false"
    this.mapsShown = new Promise((resolve) => (this.showMaps = resolve))
    /** @type {import("./maps.js").Touch | null} */
    this.touch = null
    this.rest = { space: "", z: null }
    /** @type {Map<string, {row: number, image: Float32Array}>} each decoder's last picture of an image */
    this.kept = new Map()
  }

  /**
   * @param {Data} data
   * @param {(message: object) => void} send
   * @returns {number} which call this was
   */
  update(data, send) {
    this.turn += 1
    this.data = data
    this.talk.through(send)
    this.talk.hear(data.heard)
    const other = data.view !== this.view
    this.view = data.view
    // What the visitor is doing this moment is newer than what Python says.
    if (other || (this.talk.settled && !this.before && !this.sliding)) {
      this.pinned = data.pinned
      this.rest = { space: data.drive, z: data.point && Float64Array.from(data.point) }
      this.near = data.near
    }
    if (other) {
      this.touch = this.before = null
      this.sliding = false
      this.kept.clear()
    }
    const here = data.decode === "browser" && data.spaces.length > 0
    this.root.dataset.decode = here ? "browser" : "server"
    this.neighbours.set(this.near)
    this.strip.set(data)
    this.maps.update(data, this.pinned)
    this.dark = this.maps.theme.dark
    this.root.dataset.theme = this.dark ? "dark" : "light"
    this.extras.set(data, other)
    this.#load(here)
    this.mark()
    this.refresh()
    return this.turn
  }

  end() {
    this.ended = true
    this.talk.end()
    clearTimeout(this.picking)
    this.maps.end()
    this.root.remove()
  }

  /** Fetch what the data names: pictures and codes at once, the decoders when the maps are there. */
  async #load(here) {
    const { data } = this
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

  #cannot(error) {
    console.warn("Latent Lab: this browser cannot decode.", error)
    this.talk.say({ cannot: String(error?.message ?? error).slice(0, 200) })
  }

  /** @returns {Ground & import("./look.js").Ground | null} */
  ground() {
    const { data, stuff } = this
    const { scene } = this.maps
    if (!stuff || !scene || scene.data.view !== data.view || this.root.dataset.decode !== "browser") return null
    const spaces = new Map(data.spaces.map((space) => [space.key, { space, codes: stuff.codes.get(space.key) }]))
    const pinnedRow = scene.rowOf.get(this.pinned) ?? 0
    const { ids, labels } = scene
    const rest = spaces.has(this.rest.space) ? this.rest : { space: data.spaces[0].key, z: null }
    const name = (row) => named(ids[row], data.class_names[labels[row]])
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
    this.#paint()
      .catch((error) => !this.ended && this.#cannot(error))
      .finally(() => {
        this.busy = false
        if (this.wanted !== null && !this.ended) this.refresh(this.wanted)
      })
  }

  async #paint() {
    const entered = this.wanted
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

  /** For whoever measures: the milliseconds from the pointer's event to both pictures painted. */
  #report(entered) {
    const detail = { milliseconds: performance.now() - entered, entered }
    this.root.dispatchEvent(new CustomEvent("latent-lab:painted", { detail, bubbles: true }))
  }

  async #decode({ draws }) {
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

  #describe(moment, ground, drawn) {
    const errors = new Map()
    for (const [key, { row }] of moment.draws) {
      const image = drawn.get(key)
      errors.set(key, row === null || !image ? null : squaredError(image, ground.sheets[0], row))
    }
    const found = this.near === "pixels" ? nearestPictures(drawn.get(moment.space), ground) : null
    const near = found ?? moment.near
    this.strip.say(moment, ground, errors, this.#nearest(moment, ground, near, Boolean(found)))
    const spread = this.extras.drawnSamples
    if (spread) this.neighbours.samples(spread, ground)
    else this.neighbours.show(near, ground)
    this.extras.looked(moment, ground)
    const { space } = ground.spaces.get(moment.space)
    const shown = ground.spaces.get(ground.rest.space).space
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
    this.mark(moment)
  }

  #nearest({ kind, row }, { name }, near, byPicture) {
    if (kind === "neighbour") return { row, text: `${name(row)}, nearest on this map`, tip: "This map has no decoder." }
    const first = near.rows[0] ?? row
    const tip = byPicture
      ? "Euclidean distance from the drawn picture, in pixels."
      : "Euclidean distance between codes."
    return { row: first, text: `${name(first)} · ${(near.distances[0] ?? 0).toFixed(2)} away`, tip }
  }

  mark(moment = this.moment) {
    const { scene } = this.maps
    if (!scene || scene.data.view !== this.data.view) return
    const browser = this.root.dataset.decode === "browser" && moment && this.stuff
    const pinnedRow = scene.rowOf.get(this.pinned)
    const z = browser ? (moment.kind === "point" ? moment.z : null) : this.data.point
    const drive = browser ? moment.space : this.data.drive
    const lit = browser && moment.touched && moment.kind !== "point" ? moment.row : this.touch?.row
    const other = browser && moment.kind === "point" ? moment.near.rows[0] : undefined
    this.maps.mark(
      scene.data.panels.map((panel, place) => {
        const at = (row) => (row === undefined || row === null || !scene.points[place] ? null : scene.points[place].columns.map((c) => c[row]))
        const cross = z && panel.space === drive && panel.dims.length === scene.data.dim ? panel.dims.map((dim) => z[dim]) : null
        return { ring: at(pinnedRow), lit: at(lit), other: at(other), cross, axes: panel.axes, ...this.extras.spots(place, scene) }
      }),
    )
  }

  #touched(touch, event) {
    const entered = performance.now()
    this.touch = touch
    const { scene, grid } = this.maps
    if (touch && touch.row !== null) {
      const frame = grid.getBoundingClientRect()
      const name = named(scene.ids[touch.row], this.data.class_names[scene.labels[touch.row]])
      this.tip.say(name, event.clientX - frame.left, event.clientY - frame.top, frame.width)
    } else this.tip.say("")
    if (this.root.dataset.decode === "browser") this.refresh(entered)
    else this.mark()
  }

  /** @param {number} row */
  pick(row) {
    const id = this.maps.scene.ids[row]
    this.before = { pinned: this.pinned, rest: this.rest }
    this.#rest({ pinned: id, rest: { ...this.rest, z: null } })
    this.extras.pinned(true)
    this.#later(() => this.talk.say({ pin: id }))
  }

  /** The pointer is over the plane through a code. @param {number[] | null} point */
  touchPoint(point) {
    const entered = performance.now()
    this.touch = point && { place: 0, row: null, point }
    this.refresh(entered)
  }

  /** An empty place was clicked: the sliders stand there. */
  put(place, point) {
    const ground = this.ground()
    const panel = this.data.panels[place]
    if (!ground || !panel.space || panel.dims.length !== this.data.dim) return
    this.before = { pinned: this.pinned, rest: this.rest }
    const { z } = look({ place, row: null, point }, ground)
    this.#rest({ pinned: this.pinned, rest: { space: panel.space, z: z.map(short) } })
    this.#later(() => this.#tellPoint())
  }

  /** Python hears of a click only when no double click came of it: that means something else. */
  #later(tell) {
    clearTimeout(this.picking)
    this.picking = setTimeout(() => {
      this.before = null
      tell()
    }, 300)
  }

  #undo() {
    clearTimeout(this.picking)
    if (this.before) this.#rest(this.before)
    this.before = null
  }

  #rest({ pinned, rest }) {
    this.pinned = pinned
    this.rest = rest
    this.maps.pin(pinned)
    this.mark()
    this.refresh()
  }

  #slide(dim, value) {
    const ground = this.ground()
    if (!ground) return
    const { space } = this.moment ?? ground.rest
    const from = space === ground.rest.space && ground.rest.z ? ground.rest.z : codeOf(ground.spaces.get(space), ground.pinnedRow)
    const z = Float64Array.from(from)
    z[dim] = value
    this.touch = null
    this.sliding = true
    this.rest = { space, z }
    this.sliders.stand(z, true, `#${this.pinned}`)
    this.refresh()
  }

  #tellPoint() {
    this.sliding = false
    const { space, z } = this.rest
    if (z) this.talk.say({ space, point: Array.from(z, short) })
  }

  #goHome() {
    this.#rest({ pinned: this.pinned, rest: { ...this.rest, z: null } })
    this.talk.say({ home: true })
  }

  #choose(near) {
    this.near = near
    this.neighbours.set(near)
    this.refresh()
    this.talk.say({ near })
  }
}

/** Summed over pixels; null where picture and image have different sizes. */
function squaredError(image, { bytes, shape, levels }, row) {
  const size = shape[0] * shape[1] * shape[2]
  if (image.length !== size) return null
  let sum = 0
  for (let i = 0, at = row * size; i < size; i++, at++) {
    sum += (bytes[at] / levels - image[i]) ** 2 // not clipped: the model's error, as in every table
  }
  return sum
}

/** The real images whose pixels differ least from a picture. */
function nearestPictures(image, { plain, scene }) {
  const size = plain.shape[0] * plain.shape[1] * plain.shape[2]
  if (image?.length !== size) return null
  const query = image.map((value) => Math.min(1, Math.max(0, value)) * plain.levels)
  const { rows, distances } = nearest(plain.bytes, size, query, 8, (row) => scene.hidden[row] === 1)
  return { rows, distances: distances.map((distance) => distance / plain.levels) }
}
