/** The canvas in one file: no server, no network. What Python answers on the pages is answered here. */
import { floats, hold, widened } from "../shared/arrays.js"
import { readFeatures } from "../shared/features.js"
import { keepRuntime } from "../decode/runtime.js"
import { Studio } from "../explore/studio.js"
import { element, write } from "../shared/text.js"
import { say, speakOf } from "../shared/sentences.js"

/** @import {CanvasPayload, Film, MapPanel} from "../shared/types.js" */
/** @typedef {(name: string) => Promise<ArrayBuffer>} Read */

/**
 * @typedef {object} Page what Python put into the file (`recipes/onefile.py`)
 * @property {string} heading
 * @property {string} scaling how rows of numbers are drawn; "" for images
 * @property {string} title
 * @property {CanvasPayload[]} views one for flat maps, one for maps in space
 * @property {number} first dimensions of the one to open with
 * @property {Record<string, Record<string, MapPanel>>} thirds by dimensions and method
 * @property {Record<string, Record<string, string>>} footers likewise
 * @property {(Omit<Film, "places"> & {dims: number[]}) | null} film
 * @property {string[]} halves arrays of half precision
 * @property {[string, string][]} about
 * @property {string} licences
 */

/**
 * @param {Page} page
 * @param {Read} read a part's bytes
 */
export async function start(page, read) {
  const host = document.getElementById("ll-file")
  if (!host) return
  const names = Array.from(document.querySelectorAll("script[data-part]"), (part) => part.getAttribute("data-part") ?? "")
  const halves = new Set(page.halves)
  for (const name of names.filter((name) => name.startsWith("a-")))
    hold(name, halves.has(name) ? async () => widened(await read(name)).buffer : () => read(name))
  const address = async (/** @type {string} */ name) =>
    URL.createObjectURL(new Blob([await read(name)], { type: name === "runtime-wasm" ? "application/wasm" : "text/javascript" }))
  const [runtime, mjs, wasm] = await Promise.all(["runtime", "runtime-glue", "runtime-wasm"].map(address))
  keepRuntime({ mjs, wasm })
  for (const view of page.views) Object.assign(view, { runtime })
  speakOf(page.views[0].nouns)
  readFeatures(page.views[0].features_url)
  new Desk(page, host).open()
}

/** Stands where the server stands for a page: keeps what was settled on, and says it back. */
class Desk {
  /** @param {Page} page @param {HTMLElement} host */
  constructor(page, host) {
    this.page = page
    /** @type {CanvasPayload} */
    this.data = page.views.find(({ dim }) => dim === page.first) ?? page.views[0]
    this.studio = new Studio(element("div", "ll-file-canvas"))
    this.footer = element("p", "ll-file-footer")
    this.ways = element("span", "ll-ways ll-file-dims")
    host.replaceChildren(this.#head(), this.studio.root, this.footer, about(page))
    document.title = `${page.title} · Latent Lab`
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#say())
  }

  open() {
    this.#turn(this.data)
  }

  #head() {
    const head = element("header", "ll-file-head")
    const words = element("div", "ll-file-words")
    words.append(element("h1", "ll-file-title", this.page.heading), element("p", "ll-file-hint", `${this.page.title}. ${say("Move over a map: the {picture} is drawn from that point. Click a dot to keep its {sample}.")} ${this.page.scaling}`.trim()))
    for (const view of this.page.views.length > 1 ? this.page.views : [])
      this.ways.append(button(`${view.dim}-D`, () => this.#turn({ ...view, pinned: this.data.pinned, near: this.data.near, colour: this.data.colour, heard: this.data.heard })))
    const { dataset } = document.documentElement
    const paper = button("Light / dark", () => {
      dataset.theme = this.studio.dark ? "light" : "dark"
      this.#say()
    })
    const controls = element("div", "ll-file-controls")
    controls.append(this.ways, paper)
    head.append(words, controls)
    return head
  }

  /** Show maps of this many dimensions. @param {CanvasPayload} data */
  #turn(data) {
    this.data = { ...data, film: this.#film(data.panels[0].dims) }
    for (const way of this.ways.children) way.setAttribute("aria-pressed", String(way.textContent === `${data.dim}-D`))
    this.#say()
  }

  #say() {
    const { data, page } = this
    this.studio.update(data, (message) => setTimeout(() => this.#hear(message)))
    write(this.footer, page.footers[data.dim][data.panels.at(-1)?.chosen ?? ""] ?? "")
  }

  /** @param {any} message what a visitor settled on, as Python would hear it */
  #hear({ n, pin, space, point, home, near, colour, chosen, dims, zoom, camera, view, cannot }) {
    const data = { ...this.data, heard: n }
    if (pin !== undefined) Object.assign(data, { pinned: pin, point: null })
    if (space !== undefined) data.drive = space
    if (home) data.point = null
    else if (point !== undefined) data.point = point
    if (near !== undefined) data.near = near
    if (colour !== undefined) data.colour = colour
    if (view === data.view && (zoom ?? camera)) data.looks = zoom ?? camera
    const third = this.page.thirds[data.dim][chosen]
    if (third) data.panels = [...data.panels.slice(0, -1), third]
    if (cannot) document.getElementById("ll-file")?.prepend(element("p", "ll-file-warning", say("This browser cannot draw the {pictures}: {cannot}", { cannot })))
    this.data = data
    if (dims) this.#choose(dims)
    else this.#say()
  }

  /** The first map shows other numbers of its code. @param {number[]} dims */
  #choose(dims) {
    const { data } = this
    const space = data.spaces[0]
    const [first, ...rest] = data.panels
    const url = `${space.codes_url} on ${dims}`
    hold(url, async () => {
      const width = space.axes.length
      const codes = await floats(space.codes_url, data.n * width)
      return Float32Array.from({ length: data.n * dims.length }, (_, i) => codes[Math.floor(i / dims.length) * width + dims[i % dims.length]]).buffer
    })
    const panel = { ...first, dims, points_url: url, axes: dims.map((dim) => space.axes[dim].name), fields: null }
    this.data = { ...data, panels: [panel, ...rest], film: this.#film(dims), looks: [], view: `${data.view} on ${dims}` }
    this.#say()
  }

  /** The training on these coordinates, where it was followed on them. @param {number[]} dims @returns {Film | null} */
  #film(dims) {
    const { film } = this.page
    const places = dims.map((dim) => film?.dims.indexOf(dim) ?? -1)
    return film && dims.length === this.data.dim && !places.includes(-1) ? { ...film, places } : null
  }
}

/** @param {string} text @param {() => void} act */
function button(text, act) {
  const made = /** @type {HTMLButtonElement} */ (element("button", "ll-button", text))
  made.type = "button"
  made.addEventListener("click", act)
  return made
}

/** What the file is, and whose work is in it. @param {Page} page */
function about({ about, licences }) {
  const root = element("details", "ll-file-about")
  const list = element("dl", "ll-file-list")
  for (const [name, text] of about) list.append(element("dt", "", name), element("dd", "", text))
  root.append(element("summary", "", "About this file"), list, element("pre", "ll-file-licences", licences))
  return root
}
