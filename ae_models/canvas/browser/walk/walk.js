/** The page "Walk" in the browser: maps, a stage of large pictures, and walls of what the decoders draw. */
import * as arrays from "../shared/arrays.js"
import { Decoders } from "../decode/decoders.js"
import { readFeatures } from "../shared/features.js"
import { Frame } from "../decode/frame.js"
import { csv, download } from "../painter/save.js"
import { SmallMap } from "./small_map.js"
import { strip } from "./strip_file.js"
import { Messages } from "../shared/messages.js"
import { readTheme } from "../shared/theme.js"
import { Wall } from "./wall.js"
import { element, write } from "../shared/text.js"
import { say, speakOf } from "../shared/sentences.js"

/** @import {Pictures} from "../shared/browsertypes.js" */
/** @import {Block, WalkPayload} from "../shared/types.js" */

/** @typedef {{values: Float32Array, width: number}} Coded */

/** @type {WeakMap<Element, Walk>} */
const instances = new WeakMap()
const PLAY = 140 // ms a step
const AT_ONCE = 400 // codes a call: the page stays alive between calls

/**
 * @param {object} component what Streamlit hands over
 * @param {HTMLElement} component.parentElement
 * @param {WalkPayload} component.data
 * @param {(name: string, value: unknown) => void} component.setTriggerValue
 */
export function mount({ parentElement, data, setTriggerValue }) {
  const before = instances.get(parentElement)
  const otherNouns = speakOf(data.nouns)
  readFeatures(data.features_url)
  if (otherNouns) before?.end()
  const walk = before && !otherNouns ? before : new Walk(parentElement)
  instances.set(parentElement, walk)
  const turn = walk.update(data, (message) => setTriggerValue("said", message))
  return () => {
    if (walk.turn !== turn) return // see canvas.js
    instances.delete(parentElement)
    walk.end()
  }
}

class Walk {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.turn = 0
    this.index = 0
    this.ended = false
    this.messages = new Messages()
    this.decoders = new Decoders()
    this.root = element("div", "ll-walk")
    this.top = element("div", "ll-walk-top")
    this.maps = element("div", "ll-walk-maps")
    this.stage = element("div", "ll-walk-stage")
    this.frames = element("div", "ll-walk-frames")
    this.scrub = element("div", "ll-walk-scrub")
    this.play = /** @type {HTMLButtonElement} */ (element("button", "ll-button", "Play"))
    this.play.type = "button"
    this.slider = /** @type {HTMLInputElement} */ (element("input", "ll-range"))
    Object.assign(this.slider, { type: "range", min: "0", step: "1" })
    this.slider.setAttribute("aria-label", "Step along the way")
    this.count = element("span", "ll-note")
    this.scrub.append(this.play, this.slider, this.count)
    this.status = element("p", "ll-status")
    this.status.setAttribute("role", "status")
    this.stage.append(this.frames, this.scrub, this.status)
    this.top.append(this.maps, this.stage)
    this.walls = element("div", "ll-walk-walls")
    this.foot = element("div", "ll-walk-foot")
    this.foot.append(this.#button(say("Save the {pictures} (PNG)"), () => this.#savePictures()), this.#button("Save the codes (CSV)", () => this.#saveCodes()))
    this.root.append(this.top, this.walls, this.foot)
    parent.append(this.root)
    parent.querySelector(".ll-hold-walk")?.remove()
    this.slider.addEventListener("input", () => this.#stand(Number(this.slider.value)))
    this.play.addEventListener("click", () => this.#playing(!this.timer))
    /** @type {number | undefined} */
    this.timer = undefined
    /** @type {Map<string, Wall>} */
    this.blocks = new Map()
    /** @type {Map<string, SmallMap>} */
    this.smallMaps = new Map()
    /** @type {Map<string, Frame>} */
    this.shown = new Map()
    /** @type {WalkPayload | null} */
    this.data = null
    /** @type {Map<string, Coded>} */
    this.codes = new Map()
    this.hovered = this.source = ""
    this.dark = false
  }

  /** @param {WalkPayload} data @param {(message: object) => void} send */
  update(data, send) {
    this.turn += 1
    this.messages.through(send)
    this.messages.hear(data.heard)
    if (data.layout !== this.data?.layout || data.start !== this.data.start) {
      this.#playing(false)
      this.index = data.start
      this.hovered = ""
    }
    this.data = data
    const theme = readTheme(this.root)
    this.dark = theme.dark
    Object.assign(this.root.dataset, { layout: data.layout, theme: theme.dark ? "dark" : "light" })
    this.top.hidden = !data.maps.length && !data.stage.length
    this.scrub.hidden = !data.scrub
    this.slider.max = String(Math.max(0, (data.blocks[0]?.n ?? 1) - 1))
    this.#arrange(data)
    const source = JSON.stringify([data.blocks, data.spaces, data.decode, theme.dark])
    if (source === this.source) this.#stand(this.index)
    else {
      this.source = source
      this.root.dataset.ready = "false"
      this.#draw(data).catch((error) => this.#cannot(error))
    }
    this.#drawMaps(data).catch((error) => console.warn("Latent Lab: a map could not be loaded.", error))
    return this.turn
  }

  end() {
    this.ended = true
    this.#playing(false)
    this.messages.end()
    for (const map of this.smallMaps.values()) map.end()
    this.root.remove()
  }

  /** Walls, frames and maps: those that are named, in this order; kept where they were. @param {WalkPayload} data */
  #arrange({ blocks, stage, maps }) {
    keep(this.blocks, blocks.map(({ key }) => key), (key) => new Wall((index) => this.#point(key, index)), this.walls)
    for (const block of blocks) this.blocks.get(block.key)?.set(block)
    keep(this.shown, [...stage, "hovered"], () => new Frame(), this.frames)
    keep(this.smallMaps, maps.map(({ key }) => key), () => new SmallMap((row) => this.#pick(row)), this.maps)
    this.maps.hidden = !maps.length
    this.frames.dataset.count = String(stage.length)
  }

  /** @param {WalkPayload} data */
  async #draw(data) {
    /** @type {Record<string, number>} for whoever measures: milliseconds a block, from its codes' address to painted */
    const took = {}
    const { blocks, spaces } = data
    const { source } = this
    const current = () => !this.ended && this.source === source
    const needed = spaces.filter(({ key }) => blocks.some((block) => block.space === key && !block.images_url))
    if (data.decode === "browser" && needed.length)
      await this.decoders.load(data.runtime, needed.map((space) => ({ ...space, axes: { length: space.width } })))
    for (const block of blocks) {
      if (!current()) return
      const begun = performance.now()
      const pictures = await this.#picturesOf(block, data)
      if (!current()) return
      this.blocks.get(block.key)?.paint(pictures, this.dark)
      took[block.key] = performance.now() - begun
    }
    await this.#scatter(data)
    const moving = blocks.filter(({ moves }) => moves).flatMap(({ key }) => this.blocks.get(key) ?? [])
    const most = Math.max(0, ...moving.flatMap((wall) => wall.moves))
    for (const wall of moving) wall.measure(most)
    this.#stand(Math.min(this.index, (blocks[0]?.n ?? 1) - 1))
    this.root.dataset.ready = "true"
    this.root.dispatchEvent(new CustomEvent("latent-lab:drawn", { detail: took, bubbles: true }))
  }

  /** @param {Block} block @param {WalkPayload} data @returns {Promise<Pictures>} */
  async #picturesOf(block, { spaces }) {
    const size = block.shape[0] * block.shape[1] * block.shape[2]
    if (block.images_url) return { values: await arrays.bytes(block.images_url, block.n * size), levels: 255 }
    const space = spaces.find(({ key }) => key === block.space)
    if (!space || !block.codes_url) throw new Error(`nobody draws '${block.key}'`)
    const codes = await arrays.floats(block.codes_url, block.n * space.width)
    this.codes.set(block.key, { values: codes, width: space.width })
    const values = new Float32Array(block.n * size)
    for (let start = 0; start < block.n; start += AT_ONCE) {
      const stop = Math.min(block.n, start + AT_ONCE)
      values.set(await this.decoders.draw(space.key, codes.slice(start * space.width, stop * space.width), stop - start), start * size)
    }
    return { values, levels: 1 }
  }

  /** @param {WalkPayload} data */
  async #scatter({ blocks, n, labels_url }) {
    for (const { key, over_url } of blocks) {
      const points = over_url ? await arrays.points(over_url, n, 2) : null
      this.blocks.get(key)?.scatter(points, points ? await arrays.labels(labels_url, n) : new Uint8Array(), readTheme(this.root))
    }
  }

  /** @param {WalkPayload} data */
  async #drawMaps({ maps, n, labels_url, class_names }) {
    if (!maps.length) return
    const theme = readTheme(this.root)
    const labels = await arrays.labels(labels_url, n)
    for (const { key, title, note, points_url, path, dots } of maps) {
      const points = await arrays.points(points_url, n, 2)
      const map = this.smallMaps.get(key)
      if (!map || this.ended) continue
      map.set({ title, note }, points, labels, class_names, theme)
      map.mark({ path, dots: [...dots, ...this.#here(path)] })
    }
  }

  /** @param {number} row */
  async #pick(row) {
    const { data } = this
    if (!data) return
    const { ids } = await arrays.ids(data.ids_url, data.n)
    this.messages.say({ pin: ids[row] })
  }

  /** @param {string} key @param {number} index */
  #point(key, index) {
    if (this.timer) this.#playing(false)
    this.hovered = key
    this.#stand(index)
  }

  /** Put the cursor on a picture, in all walls that have as many. @param {number} index */
  #stand(index) {
    const { data } = this
    if (!data) return
    this.index = index
    this.slider.value = String(index)
    const n = this.blocks.get(this.hovered)?.block?.n ?? data.blocks[0]?.n ?? 0
    for (const [key, wall] of this.blocks) {
      const linked = wall.block?.n === n && (data.stage.includes(key) || key === this.hovered)
      wall.cursor.hidden = !linked
      if (linked) wall.stand(index)
    }
    for (const [key, frame] of this.shown) {
      const [name, place] = key.split("#")
      if (key === "hovered") this.#show(this.hovered, frame, index, true)
      else this.#show(name, frame, place === undefined ? index : Number(place), false)
    }
    write(this.count, data.scrub ? `${index + 1} of ${n}` : "")
    for (const { key, path, dots } of data.maps) this.smallMaps.get(key)?.mark({ path, dots: [...dots, ...this.#here(path)] })
    const block = this.blocks.get(this.hovered || data.stage[0])?.block
    write(this.status, block ? said(block, this.codes.get(block.key), index) : "")
    this.root.dataset.index = String(index)
  }

  /** @param {number[][]} path */
  #here(path) {
    const at = path[this.index]
    return at && this.index > 0 && this.index < path.length - 1 ? [{ at, label: "" }] : []
  }

  /** @param {string} key @param {Frame} frame @param {number} index @param {boolean} extra */
  #show(key, frame, index, extra) {
    const wall = this.blocks.get(key)
    const block = wall?.block
    frame.root.hidden = !block || (extra && (this.data?.stage.includes(key) ?? false))
    if (!block || !wall.pictures || index >= block.n) return frame.clear()
    const size = block.shape[0] * block.shape[1] * block.shape[2]
    frame.say({ title: block.hidden ? "" : block.title, note: said(block, this.codes.get(key), index), tip: "" })
    frame.paint(wall.pictures.values, index * size, block.shape, wall.pictures.levels, this.dark)
  }

  /** @param {boolean} on */
  #playing(on) {
    clearInterval(this.timer)
    this.timer = undefined
    write(this.play, on ? "Stop" : "Play")
    const n = this.data?.blocks[0]?.n ?? 0
    if (!on || n < 2) return
    let way = this.index >= n - 1 ? -1 : 1
    this.timer = window.setInterval(() => {
      if (this.index + way < 0 || this.index + way >= n) way = -way
      this.hovered = ""
      this.#stand(this.index + way)
    }, PLAY)
  }

  async #savePictures() {
    const walls = [...this.blocks.values()].filter(({ pictures }) => pictures)
    const image = await strip(walls)
    if (image) download(image, `${this.data?.file ?? "walk"}.png`)
  }

  async #saveCodes() {
    const { data } = this
    if (!data) return
    /** @type {(string | number)[][]} */
    const rows = []
    let width = 0
    for (const { title, space: key, codes_url, n } of data.blocks) {
      const space = data.spaces.find((one) => one.key === key)
      if (!space || !codes_url) continue
      const codes = await arrays.floats(codes_url, n * space.width)
      width = Math.max(width, space.width)
      for (let i = 0; i < n; i++) rows.push([title, i, ...codes.slice(i * space.width, (i + 1) * space.width)])
    }
    download(csv(["of", "picture", ...Array.from({ length: width }, (_, i) => `z${i + 1}`)], rows), `${data.file}.csv`)
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
    console.warn("Latent Lab: this browser cannot decode.", error)
    this.messages.say({ cannot: String(error instanceof Error ? error.message : error).slice(0, 200) })
  }
}

/** What is said of a picture. @param {Block} block @param {Coded | undefined} coded @param {number} index */
function said({ captions, dims, names }, coded, index) {
  if (captions.length || !coded) return captions[index] ?? ""
  return dims.map((dim, i) => `${names[i]} = ${coded.values[index * coded.width + dim].toFixed(2)}`).join(", ")
}

/**
 * Keep one thing a key, in the order of the keys.
 * @template {{root: HTMLElement, end?: () => void}} T
 * @param {Map<string, T>} things
 * @param {string[]} keys
 * @param {(key: string) => T} make
 * @param {HTMLElement} parent
 */
function keep(things, keys, make, parent) {
  for (const [key, thing] of things) {
    if (keys.includes(key)) continue
    thing.end ? thing.end() : thing.root.remove()
    things.delete(key)
  }
  for (const key of keys) {
    const thing = things.get(key) ?? make(key)
    things.delete(key)
    things.set(key, thing)
    parent.append(thing.root)
  }
}
