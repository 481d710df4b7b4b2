/** The page "Draw" in the browser: a drawing is centred, encoded and placed on the maps while it is drawn. */
import * as arrays from "./arrays.js"
import { centred } from "./centring.js"
import { Frame } from "./frame.js"
import { estimated, likest, read, ready } from "./readers.js"
import { Sheet } from "./sheet.js"
import { SmallMap } from "./smallmap.js"
import { Talk } from "./talk.js"
import { readTheme } from "./theme.js"
import { element, named, write } from "./words.js"

/** @import {LoadedSheet, Points} from "./types.js" */
/** @import {DrawData} from "./drawtypes.js" */
/** @import {MapData} from "./walktypes.js" */
/** @import {Found, Ready} from "./readers.js" */

/** @type {WeakMap<Element, Draw>} */
const instances = new WeakMap()
const NEAREST = 5
const PLACED = 15 // images that a place on a map without an encoder is estimated from
const TRAIL = 400 // places
const UNLIKE = 0.99 // of the real images have a smaller error

/**
 * @param {object} component what Streamlit hands over
 * @param {HTMLElement} component.parentElement
 * @param {DrawData} component.data
 * @param {(name: string, value: unknown) => void} component.setTriggerValue
 */
export function mount({ parentElement, data, setTriggerValue }) {
  const draw = instances.get(parentElement) ?? new Draw(parentElement)
  instances.set(parentElement, draw)
  const turn = draw.update(data, (message) => setTriggerValue("said", message))
  return () => {
    if (draw.turn !== turn) return // see canvas.js
    instances.delete(parentElement)
    draw.end()
  }
}

class Draw {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.turn = 0
    this.ended = this.busy = this.dark = this.wanted = false
    this.view = this.given = ""
    this.talk = new Talk()
    /** @type {DrawData | null} */
    this.data = null
    /** @type {Ready[]} */
    this.readers = []
    /** @type {{sheet: LoadedSheet, ids: Int32Array, labels: Uint8Array, umap: Points | null} | null} */
    this.stuff = null
    /** @type {Float32Array | null} a file in place of strokes */
    this.picture = null
    /** @type {Map<string, number[][]>} */
    this.trails = new Map()
    this.root = element("div", "ll-draw")
    this.sheet = new Sheet({ drawn: () => this.#inked(), lifted: () => this.#lifted() })
    this.#build(parent)
  }

  /** @param {HTMLElement} parent */
  #build(parent) {
    this.desk = element("section", "ll-desk")
    this.hint = element("p", "ll-desk-hint", "Draw here")
    const paper = element("div", "ll-desk-paper")
    paper.append(this.sheet.canvas, this.hint)
    this.undo = this.#button("Undo", () => this.#undo())
    this.clear = this.#button("Clear", () => this.#clear())
    this.trail = this.#button("Trail", () => this.#trail())
    this.trail.setAttribute("aria-pressed", "true")
    this.use = this.#button("Take it to Walk", () => this.#use())
    const thickness = /** @type {HTMLInputElement} */ (element("input", "ll-range"))
    Object.assign(thickness, { type: "range", min: "0.03", max: "0.18", step: "0.005", value: String(this.sheet.width) })
    thickness.setAttribute("aria-label", "Thickness")
    thickness.addEventListener("input", () => (this.sheet.width = Number(thickness.value)))
    const label = element("label", "ll-desk-thick", "Thickness")
    label.append(thickness)
    this.ink = /** @type {HTMLInputElement} */ (element("input", "ll-desk-colour"))
    Object.assign(this.ink, { type: "color", value: "#d04020" })
    this.ink.setAttribute("aria-label", "Colour of the ink")
    this.ink.addEventListener("input", () => this.#inked())
    const tools = element("div", "ll-desk-tools")
    tools.append(this.undo, this.clear, this.trail, this.ink)
    const more = element("div", "ll-desk-tools")
    more.append(label)
    this.desk.append(paper, tools, more, this.use)
    this.strip = element("section", "ll-draw-strip")
    this.seen = new Frame()
    /** @type {Map<string, Frame>} */
    this.frames = new Map()
    /** @type {Frame[]} */
    this.near = Array.from({ length: NEAREST }, () => new Frame())
    this.badge = element("span", "ll-badge")
    this.verdict = element("p", "ll-draw-verdict")
    this.verdict.setAttribute("role", "status")
    this.drawn = element("div", "ll-draw-drawn")
    this.real = element("div", "ll-draw-real")
    this.real.append(...this.near.map(({ root }) => root))
    const judged = element("div", "ll-draw-judged")
    judged.append(this.badge, this.verdict)
    const nearHead = element("h3", "ll-wall-title", "Real images most like it")
    this.strip.append(this.drawn, judged, nearHead, this.real)
    this.maps = element("div", "ll-draw-maps")
    /** @type {Map<string, SmallMap>} */
    this.smallMaps = new Map()
    this.root.append(this.desk, this.strip, this.maps)
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "z" || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      this.#undo()
    })
    parent.append(this.root)
    parent.querySelector(".ll-hold-draw")?.remove()
  }

  /** @param {DrawData} data @param {(message: object) => void} send */
  update(data, send) {
    this.turn += 1
    this.talk.through(send)
    this.talk.hear(data.heard)
    const theme = readTheme(this.root)
    const other = data.view !== this.view || theme.dark !== this.dark
    Object.assign(this, { data, dark: theme.dark, view: data.view })
    this.root.dataset.theme = theme.dark ? "dark" : "light"
    this.root.dataset.decode = data.decode
    this.sheet.colour = theme.ink
    this.ink.hidden = data.shape[0] !== 3
    this.sheet.redraw()
    if (data.given_name !== this.given) {
      this.given = data.given_name
      this.picture = data.given && Float32Array.from(data.given, (value) => value / 255)
      if (this.picture) this.sheet.strokes = []
      this.sheet.redraw()
    }
    if (other) this.#load(data).catch((error) => this.#cannot(error))
    else this.#inked()
    return this.turn
  }

  end() {
    this.ended = true
    this.talk.end()
    for (const map of this.smallMaps.values()) map.end()
    this.root.remove()
  }

  /** @param {DrawData} data */
  async #load(data) {
    this.root.dataset.ready = "false"
    const { n, readers, umap, view } = data
    const maps = [...readers.map(({ map }) => map), ...(umap ? [umap] : [])]
    this.#arrange(readers.map(({ key }) => key), maps)
    const size = data.sheet.shape.reduce((a, b) => a * b)
    const [bytes, { ids }, labels, points] = await Promise.all([
      arrays.bytes(data.sheet.url, n * size),
      arrays.ids(data.ids_url, n),
      arrays.labels(data.labels_url, n),
      Promise.all(maps.map(({ points_url }) => arrays.points(points_url, n, 2))),
    ])
    if (this.ended || this.view !== view) return
    maps.forEach((map, place) => this.smallMaps.get(map.key)?.set(map, points[place], labels, data.class_names, readTheme(this.root)))
    this.stuff = { sheet: { ...data.sheet, bytes }, ids, labels, umap: umap ? points[points.length - 1] : null }
    const made = data.decode === "browser" ? await Promise.all(readers.map((reader) => ready(reader, data.runtime, n))) : []
    if (this.ended || this.view !== view) return
    this.readers = made
    this.trails.clear()
    this.#inked()
    this.root.dataset.ready = "true"
  }

  /** @param {string[]} keys @param {MapData[]} maps */
  #arrange(keys, maps) {
    this.drawn.replaceChildren(this.seen.root)
    this.frames = new Map(keys.map((key) => [key, this.frames.get(key) ?? new Frame()]))
    this.drawn.append(...[...this.frames.values()].map(({ root }) => root))
    for (const [key, map] of this.smallMaps) {
      if (maps.some((one) => one.key === key)) continue
      map.end()
      this.smallMaps.delete(key)
    }
    for (const { key } of maps) {
      const map = this.smallMaps.get(key) ?? new SmallMap()
      this.smallMaps.set(key, map)
      this.maps.append(map.root)
    }
  }

  /** The drawing as an image, or null where there is none. @returns {Float32Array | null} */
  image() {
    const { data, sheet } = this
    if (!data) return null
    const [channels, height, width] = data.shape
    if (this.picture?.length === channels * height * width) return this.picture
    if (!sheet.strokes.length) return null
    const ink = centred(sheet.read(), [sheet.side, sheet.side], [height, width], data.box)
    if (!ink || channels === 1) return ink
    const colour = [1, 3, 5].map((at) => parseInt(this.ink.value.slice(at, at + 2), 16) / 255)
    return Float32Array.from({ length: 3 * ink.length }, (_, i) => colour[Math.floor(i / ink.length)] * ink[i % ink.length])
  }

  /** Read the drawing now, or when the reading in hand is done. */
  #inked() {
    this.hint.hidden = this.sheet.strokes.length > 0 || this.picture !== null
    for (const button of [this.undo, this.clear]) button.disabled = !this.hint.hidden
    this.wanted = true
    if (this.busy || !this.data || (!this.readers.length && this.data.decode === "browser")) return
    this.busy = true
    this.#read()
      .catch((error) => this.#cannot(error))
      .finally(() => {
        this.busy = false
        if (this.wanted && !this.ended) this.#inked()
      })
  }

  async #read() {
    const entered = performance.now()
    this.wanted = false
    const { data, stuff } = this
    const image = this.image()
    this.use.disabled = !image || !data
    if (!data || !stuff) return
    if (!image) return this.#nothing()
    this.seen.say({ title: "It sees", note: "centred as the data’s own images are", tip: "" })
    this.seen.paint(image, 0, data.shape, 1, this.dark)
    /** @type {Map<string, Found>} */
    const found = new Map()
    for (const one of this.readers) found.set(one.reader.key, await read(one, shaped(image, data.shape, one.reader.input_shape)))
    if (this.ended || this.data !== data) return
    for (const { reader } of this.readers) this.#show(reader.key, found.get(reader.key))
    const like = likest(stuff.sheet, image, PLACED)
    if (like && stuff.umap && data.umap) this.#place(data.umap.key, estimated(stuff.umap.columns, like), true)
    const detail = { milliseconds: performance.now() - entered }
    this.root.dispatchEvent(new CustomEvent("latent-lab:placed", { detail, bubbles: true }))
    this.#real(like)
    this.#judge(found.get(data.readers[0]?.key))
  }

  /** @param {string} key @param {Found | undefined} found */
  #show(key, found) {
    const { data } = this
    const reader = data?.readers.find((one) => one.key === key)
    if (!found || !reader) return
    const frame = this.frames.get(key)
    const error = found.error === null ? "" : `error ${found.error.toFixed(1)}`
    frame?.say({ title: `${reader.title} draws`, note: error, tip: "Sum of squared pixel differences (SSE); 0 is perfect." })
    frame?.paint(found.image, 0, reader.output_shape, 1, this.dark)
    const place = reader.dims.map((dim) => found.code[dim])
    this.#place(reader.map.key, place.length > 1 ? place : [place[0], 0], false)
    this.root.dataset[`code${key}`] = Array.from(found.code).join()
  }

  /** @param {string} key @param {number[]} at @param {boolean} guessed */
  #place(key, at, guessed) {
    const trail = this.trails.get(key) ?? []
    trail.push(at)
    if (trail.length > TRAIL) trail.shift()
    this.trails.set(key, trail)
    const shown = this.trail.getAttribute("aria-pressed") === "true" ? trail : []
    this.smallMaps.get(key)?.mark({ dots: [{ at, label: "" }], trail: shown, estimated: guessed })
  }

  /** @param {{rows: number[], distances: number[]} | null} like */
  #real(like) {
    const { data, stuff } = this
    if (!data || !stuff) return
    this.near.forEach((frame, place) => {
      const row = like?.rows[place]
      frame.root.hidden = row === undefined
      if (row === undefined) return
      const [title] = [named(stuff.ids[row], data.class_names[stuff.labels[row]])]
      frame.say({ title, note: `${like?.distances[place].toFixed(2)} away`, tip: "Euclidean distance, in pixels." })
      const size = stuff.sheet.shape.reduce((a, b) => a * b)
      frame.paint(stuff.sheet.bytes, row * size, stuff.sheet.shape, stuff.sheet.levels, this.dark)
    })
  }

  /** @param {Found | undefined} found */
  #judge(found) {
    if (!found) return
    const { verdict, worse } = found
    const unlike = worse !== null && worse > UNLIKE
    const good = verdict === "on" && !unlike
    this.badge.dataset.mark = good ? "good" : "warn"
    write(this.badge, verdict === "off" ? "off the data" : unlike ? "unlike the data" : verdict === "gap" ? "in a gap" : "on the data")
    const share = worse === null ? "" : `Its error is larger than that of ${worse === 1 ? "every real image" : `${Math.floor(100 * worse)} % of the real images`}. `
    const why = unlike || verdict === "off" ? "An autoencoder knows its own data only: it draws the nearest thing that it knows." : ""
    write(this.verdict, share + why)
    this.root.dataset.verdict = this.badge.textContent ?? ""
  }

  /** There is nothing on the sheet. */
  #nothing() {
    this.seen.say({ title: "It sees", note: "nothing yet", tip: "" })
    this.seen.clear()
    this.data?.readers.forEach(({ key, title }) => {
      this.frames.get(key)?.say({ title: `${title} draws`, note: "", tip: "" })
      this.frames.get(key)?.clear()
    })
    this.near.forEach((frame) => (frame.root.hidden = true))
    write(this.badge, "blank")
    this.badge.dataset.mark = ""
    write(this.verdict, "Draw something on the sheet, or take an image file.")
    this.trails.clear()
    for (const map of this.smallMaps.values()) map.mark({ dots: [], trail: [] })
    this.root.dataset.verdict = "blank"
  }

  #undo() {
    if (this.picture) return this.#clear()
    this.sheet.undo()
    this.#lifted()
  }

  #clear() {
    this.picture = null
    this.trails.clear()
    this.sheet.clear()
    this.#lifted()
  }

  #trail() {
    const on = this.trail.getAttribute("aria-pressed") !== "true"
    this.trail.setAttribute("aria-pressed", String(on))
    this.trails.clear()
    this.#inked()
  }

  /** Where the server draws, it hears of each stroke. */
  #lifted() {
    if (this.data?.decode === "server") this.talk.say({ image: this.#bytes() })
  }

  #use() {
    this.talk.say({ image: this.#bytes(), use: true })
  }

  #bytes() {
    const image = this.image()
    return image && Array.from(image, (value) => Math.round(255 * Math.min(1, Math.max(0, value))))
  }

  /** @param {string} words @param {() => void} act */
  #button(words, act) {
    const button = /** @type {HTMLButtonElement} */ (element("button", "ll-button", words))
    button.type = "button"
    button.addEventListener("click", act)
    return button
  }

  /** @param {unknown} error */
  #cannot(error) {
    if (this.ended) return
    console.warn("Latent Lab: this browser cannot encode.", error)
    this.talk.say({ cannot: String(error instanceof Error ? error.message : error).slice(0, 200) })
  }
}

/**
 * The drawing as another space takes it: as it is, or with channels added or averaged.
 * @param {Float32Array} image
 * @param {number[]} from
 * @param {number[]} to
 */
function shaped(image, from, to) {
  if (from.join() === to.join()) return image
  const [size, wanted] = [from[1] * from[2], to[1] * to[2]]
  if (size === wanted)
    return Float32Array.from({ length: to[0] * wanted }, (_, i) => {
      if (to[0] > 1 && from[0] === 1) return image[i % size]
      let sum = 0
      for (let c = 0; c < from[0]; c++) sum += image[c * size + (i % size)]
      return sum / from[0]
    })
  return resized(image, from, to)
}

/** Each pixel the nearest one of the other size. @param {Float32Array} image @param {number[]} from @param {number[]} to */
function resized(image, [channels, height, width], [wanted, tall, wide]) {
  return Float32Array.from({ length: wanted * tall * wide }, (_, i) => {
    const [c, y, x] = [Math.floor(i / (tall * wide)), Math.floor(i / wide) % tall, i % wide]
    return image[Math.min(c, channels - 1) * height * width + Math.floor((y * height) / tall) * width + Math.floor((x * width) / wide)]
  })
}
