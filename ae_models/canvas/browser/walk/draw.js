/** The page "Draw" in the browser: a drawing is centred, encoded and placed on the maps while it is drawn. */
import * as arrays from "../shared/arrays.js"
import { Desk } from "./desk.js"
import { estimated, likest, read, ready, shaped } from "./readers.js"
import { namer, Readings } from "./readings.js"
import { SmallMap } from "./small_map.js"
import { Messages } from "../shared/messages.js"
import { readTheme } from "../shared/theme.js"
import { element } from "../shared/text.js"

/** @import {LoadedSheet, Points} from "../shared/browsertypes.js" */
/** @import {DrawPayload, SmallMap as SmallMapData} from "../shared/types.js" */
/** @import {Found, Ready} from "./readers.js" */

/** @type {WeakMap<Element, Draw>} */
const instances = new WeakMap()
const SAME = 1e-3 // a distance in pixels below which a drawing is the image itself
const PLACED = 15 // images that a place on a map without an encoder is estimated from
const TRAIL = 400 // places

/**
 * @param {object} component what Streamlit hands over
 * @param {HTMLElement} component.parentElement
 * @param {DrawPayload} component.data
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
    this.drawing = 0 // counts drawings: an answer belongs to one
    this.messages = new Messages()
    /** @type {DrawPayload | null} */
    this.data = null
    /** @type {Ready[]} */
    this.readers = []
    /** @type {{sheet: LoadedSheet, name: (row: number) => string, third: Points | null} | null} */
    this.stuff = null
    /** @type {Map<string, number[][]>} */
    this.trails = new Map()
    /** @type {Map<string, SmallMap>} */
    this.smallMaps = new Map()
    this.root = element("div", "ll-draw")
    this.desk = new Desk({
      drawn: () => this.#drawn(),
      lifted: () => this.#lifted(),
      trail: () => {
        this.trails.clear()
        this.#inked()
      },
      use: () => this.messages.say({ image: this.#bytes(), use: true }),
    })
    this.readings = new Readings()
    this.maps = element("div", "ll-draw-maps")
    this.root.append(this.desk.root, this.readings.root, this.maps)
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "z" || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      this.desk.takeBack()
    })
    parent.append(this.root)
    parent.querySelector(".ll-hold-draw")?.remove()
  }

  /** @param {DrawPayload} data @param {(message: object) => void} send */
  update(data, send) {
    this.turn += 1
    this.messages.through(send)
    this.messages.hear(data.heard)
    const theme = readTheme(this.root)
    const other = data.view !== this.view || theme.dark !== this.dark
    Object.assign(this, { data, dark: theme.dark, view: data.view })
    Object.assign(this.root.dataset, { theme: theme.dark ? "dark" : "light", decode: data.decode })
    this.desk.sheet.colour = theme.ink
    if (data.given_name !== this.given) {
      this.given = data.given_name
      this.desk.lay(data.given)
      this.drawing += 1
      this.#lifted()
    }
    this.desk.sheet.redraw()
    if (other) this.#load(data).catch((error) => this.#cannot(error))
    else this.#inked()
    return this.turn
  }

  end() {
    this.ended = true
    this.messages.end()
    for (const map of this.smallMaps.values()) map.end()
    this.root.remove()
  }

  /** @param {DrawPayload} data */
  async #load(data) {
    this.root.dataset.ready = "false"
    const { n, readers, third, view, class_names } = data
    const maps = [...readers.map(({ map }) => map), ...(third ? [third] : [])]
    this.readings.arrange(readers.map(({ key }) => key))
    this.#arrange(maps)
    const size = data.sheet.shape.reduce((a, b) => a * b)
    const [bytes, { ids }, labels, points] = await Promise.all([
      arrays.bytes(data.sheet.url, n * size),
      arrays.ids(data.ids_url, n),
      arrays.labels(data.labels_url, n),
      Promise.all(maps.map(({ points_url }) => arrays.points(points_url, n, 2))),
    ])
    const current = () => !this.ended && this.view === view
    if (!current()) return
    maps.forEach((map, place) => this.smallMaps.get(map.key)?.set(map, points[place], labels, class_names, readTheme(this.root)))
    this.stuff = { sheet: { ...data.sheet, bytes }, name: namer(ids, labels, class_names), third: third ? points[points.length - 1] : null }
    const made = data.decode === "browser" ? await Promise.all(readers.map((reader) => ready(reader, data.runtime, n))) : []
    if (!current()) return
    this.readers = made
    this.trails.clear()
    this.#inked()
    this.root.dataset.ready = "true"
  }

  /** @param {SmallMapData[]} maps */
  #arrange(maps) {
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

  #drawn() {
    this.drawing += 1
    this.#inked()
  }

  /** Read the drawing now, or when the reading in hand is done. */
  #inked() {
    const { data } = this
    if (!data) return
    this.desk.offer(data.shape[0] === 3)
    this.wanted = true
    if (this.busy || (!this.readers.length && data.decode === "browser")) return
    this.busy = true
    this.#read(data)
      .catch((error) => this.#cannot(error))
      .finally(() => {
        this.busy = false
        if (this.wanted && !this.ended) this.#inked()
      })
  }

  /** @param {DrawPayload} data */
  async #read(data) {
    const entered = performance.now()
    this.wanted = false
    const { stuff, readers, readings, dark } = this
    const image = this.desk.image(data)
    if (!stuff) return
    if (!image) return this.#nothing(data)
    readings.see(image, data, dark)
    /** @type {Map<string, Found>} */
    const found = new Map()
    for (const one of readers) found.set(one.reader.key, await read(one, shaped(image, data.shape, one.reader.input_shape)))
    if (this.ended || this.data !== data) return
    for (const { reader } of readers) {
      const one = found.get(reader.key)
      if (!one) continue
      readings.show(reader, one, data, dark)
      this.#place(reader.map.key, reader.dims.length > 1 ? reader.dims.map((dim) => one.code[dim]) : [one.code[0], 0], false)
      this.root.dataset[`code${reader.key}`] = Array.from(one.code).join()
    }
    const like = likest(stuff.sheet, image, PLACED)
    if (like && stuff.third && data.third) this.#third(data.third, data.placed, estimated(stuff.third.columns, like))
    const detail = { milliseconds: performance.now() - entered, entered }
    this.root.dispatchEvent(new CustomEvent("latent-lab:placed", { detail, bubbles: true }))
    readings.liken(like, stuff.sheet, stuff.name, dark)
    const first = found.get(data.readers[0]?.key)
    if (first) this.root.dataset.verdict = readings.judge(first, (like?.distances[0] ?? 1) < SAME)
  }

  /** @param {string} key @param {number[]} at @param {boolean} guessed */
  #place(key, at, guessed) {
    const trail = this.trails.get(key) ?? []
    trail.push(at)
    if (trail.length > TRAIL) trail.shift()
    this.trails.set(key, trail)
    this.smallMaps.get(key)?.mark({ dots: [{ at, label: "" }], trail: this.desk.trails ? trail : [], estimated: guessed })
  }

  /** On a map without an encoder. @param {SmallMapData} map @param {DrawPayload["placed"]} placed @param {number[]} guess */
  #third(map, placed, guess) {
    const known = placed?.drawing === this.drawing ? placed : null
    this.#place(map.key, known?.at ?? guess, !known)
    this.smallMaps.get(map.key)?.say(known?.note ?? map.note)
  }

  /** @param {DrawPayload} data */
  #nothing(data) {
    this.readings.blank(data.readers)
    this.trails.clear()
    for (const map of this.smallMaps.values()) map.mark({ dots: [], trail: [] })
    this.root.dataset.verdict = "blank"
  }

  /** Where the server draws, or a worker can place it on the third map, it hears of each stroke. */
  #lifted() {
    if (this.data?.decode !== "server" && !this.data?.places) return
    const image = this.#bytes()
    this.messages.say(image ? { image, drawing: this.drawing } : { image })
  }

  #bytes() {
    const image = this.data && this.desk.image(this.data)
    return image && Array.from(image, (value) => Math.round(255 * Math.min(1, Math.max(0, value))))
  }

  /** @param {unknown} error */
  #cannot(error) {
    if (this.ended) return
    console.warn("Latent Lab: this browser cannot encode.", error)
    this.messages.say({ cannot: String(error instanceof Error ? error.message : error).slice(0, 200) })
  }
}
