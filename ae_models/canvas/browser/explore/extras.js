/** What waits until it is asked for: colours, selections, neighbours, backdrop, plane, spread, film, code. */
import * as arrays from "../shared/arrays.js"
import { Colours } from "../painter/colours.js"
import * as table from "../overlays/table.js"
import { FilmBar } from "../painter/film.js"
import { coded, codeOf } from "../decode/decode_view.js"
import { saveMaps } from "../painter/map_files.js"
import { Plane } from "../decode/plane.js"
import { ellipse, samples } from "../decode/posterior.js"
import { Selection } from "../select/selection.js"
import { Thumbs } from "../painter/thumbs.js"
import { K, tiesOf } from "../select/neighbor_changes.js"
import { Tools } from "./tools.js"
import { element, write } from "../shared/text.js"
import { say } from "../shared/sentences.js"

/** @import {DecodeContext, DecodedPoint, Overlay, OverlayDrawing, Scene, Shape, Spot} from "../shared/browsertypes.js" */
/** @import {CanvasPayload} from "../shared/types.js" */
/** @import {Phase} from "../select/lasso.js" */
/** @import {Studio} from "./studio.js" */

const DRAWN_SAMPLES = 8
/** @type {Record<string, Overlay>} */
const OVERLAYS = table

export class Extras {
  /** @param {Studio} studio */
  constructor(studio) {
    this.studio = studio
    this.tools = new Tools({
      colour: (by) => this.colours.choose(by),
      count: (clusters) => this.colours.ask(clusters),
      select: (tool) => {
        this.selection.lasso.tool = tool
        studio.maps.painter.hold(Boolean(tool))
      },
      find: (id) => this.#find(id),
      toggle: (name, on) => this.#toggle(name, on),
      dims: (dims) => studio.messages.say({ dims }),
      save: (kind) => this.#save(kind),
    })
    this.selection = new Selection(studio, () => this.tools.mark("worst", false))
    this.film = new FilmBar({ show: (columns) => this.#frame(columns), say: (text) => write(this.status, text) })
    this.plane = new Plane({
      touch: (point) => studio.touchPoint(point),
      put: (point) => studio.viewState.put(0, point),
      moved: () => studio.mark(),
    })
    this.tools.mark("plane", true)
    this.thumbs = new Thumbs()
    this.status = element("p", "ll-status")
    this.status.setAttribute("role", "status")
    this.colours = new Colours(studio, this.tools, this.status)
    this.slot = element("div", "ll-slot")
    this.slot.append(this.tools.scale, this.film.root, this.status)
    this.code = element("div", "ll-code-box")
    this.code.hidden = true
    this.lines = element("pre", "ll-code-lines")
    this.lines.tabIndex = 0
    this.code.append(this.lines)
    /** @type {ReturnType<typeof tiesOf> | null} */
    this.ties = null
    /** @type {{outline: number[][], images: Float32Array, shape: Shape} | null} pictures drawn from a spread; they take the neighbours' places */
    this.drawnSamples = null
    /** @type {[number[], number[]][][]} arrows of each map */
    this.arrows = []
    this.seed = 0
    this.drawing = 0
    this.idsUrl = ""
  }

  /** Python's latest data. @param {CanvasPayload} data @param {boolean} other */
  set(data, other) {
    this.tools.set(data)
    this.#makeRoom()
    if (data.ids_url !== this.idsUrl) {
      this.idsUrl = data.ids_url
      this.selection.forget()
    }
    if (!other) return this.colours.set(data, false)
    this.film.close()
    for (const name of ["worst", "ties", ...Object.keys(OVERLAYS), "samples", "film"]) this.tools.mark(name, false)
    this.ties = this.drawnSamples = null
    this.arrows = []
    write(this.status, "")
    this.colours.set(data, true)
  }

  /** Another data set's, or another model's, maps are there: what was chosen stays chosen. */
  loaded() {
    this.colours.loaded()
    this.selection.show()
    this.#cut()
    if (this.ties) this.#tie() // of the maps that stand here now
  }

  /** The plane through the maps as they are now, where there is one. */
  #cut() {
    const ground = this.studio.ground()
    if (this.plane.root.hidden || !ground) return this.plane.show(null)
    const { dims, space } = ground.data.panels[0]
    if (!space) return this.plane.show(null)
    const z = codeOf(coded(ground, space), ground.pinnedRow)
    this.plane.show(ground.scene, dims.map((dim) => z[dim]))
  }

  /** The plane has a place of its own beside the first map: the others make room before anything is loaded. */
  #makeRoom() {
    const { grid } = this.studio.maps
    const on = !this.tools.buttons.plane.hidden && this.tools.pressed("plane")
    this.plane.root.hidden = !on
    grid.dataset.plane = String(on)
    if (on && !this.plane.root.isConnected) grid.querySelector(".ll-card")?.after(this.plane.root)
    this.#cut()
  }

  /** @param {DecodedPoint} moment @param {DecodeContext} ground */
  looked(moment, ground) {
    if (this.code.hidden) return
    const { key } = ground.data.spaces[0]
    const own = moment.space === key
    const numbers = own ? Array.from(moment.z, (value) => Number(value.toPrecision(7))) : Array.from(moment.draws.get(key)?.code ?? [])
    const text = ground.data.code.replace("{pin}", String(ground.ids[moment.row])).replace("{point}", numbers.join(", "))
    write(this.lines, text)
  }

  /** The pin moved. @param {boolean} byHand */
  pinned(byHand) {
    if (byHand && !this.tools.buttons.ties.hidden) this.tools.mark("ties", true)
    if (this.tools.pressed("ties")) this.#tie()
    if (this.tools.pressed("samples")) this.#sample()
  }

  /** What is marked on one map beside ring and cross. @param {number} place @param {Scene} scene */
  spots(place, scene) {
    const columns = scene.points[place]?.columns
    if (!columns) return { ties: [], outline: [], chosen: [], arrows: [] }
    return {
      ties: (this.ties?.maps[place] ?? []).map(({ row, kind }) => ({ point: columns.map((column) => column[row]), kind })),
      outline: place === 0 ? (this.drawnSamples?.outline ?? this.plane.outline) : [],
      chosen: this.selection.marked(columns, scene),
      arrows: this.arrows[place] ?? [],
    }
  }

  /** Maps were shifted, zoomed, filtered or drawn anew. */
  moved() {
    cancelAnimationFrame(this.drawing)
    this.drawing = requestAnimationFrame(() => {
      const ground = this.studio.ground()
      const { maps } = this.studio
      if (!ground || !maps.places.length) return
      const seen = ground.scene.points.map((_, place) => maps.seen(place))
      this.thumbs.draw(seen, maps.places, ground.scene, ground.plain, ground.dark)
    })
  }

  /** @param {Spot} spot @param {Phase} phase */
  drag(spot, phase) {
    return this.selection.lasso.drag(spot, phase)
  }

  /** @param {"png" | "svg"} kind */
  async #save(kind) {
    if (this.studio.maps.root.dataset.ready !== "true") return
    try {
      await saveMaps(this.studio.maps, this.thumbs.sheets, kind)
    } catch (error) {
      write(this.status, `The maps could not be saved: ${error instanceof Error ? error.message : error}.`)
    }
  }

  /** @param {string} text */
  #find(text) {
    const { scene } = this.studio.maps
    const number = text.replace("#", "").trim()
    const row = scene?.rowOf.get(Number(number))
    if (row === undefined || number === "") return write(this.status, number ? say("{Sample} #{number} is not among those shown.", { number }) : "")
    write(this.status, "")
    this.studio.viewState.pick(row)
  }

  /** @param {string} name @param {boolean} on */
  #toggle(name, on) {
    const { studio } = this
    const ground = studio.ground()
    if (name === "code") {
      this.code.hidden = !on
      return studio.refresh()
    }
    if (name in OVERLAYS) return this.#lay(name, on)
    if (name === "plane") return this.#makeRoom()
    if (!ground) return this.tools.mark(name, false)
    if (name === "worst") return on ? this.selection.worst(ground) : this.selection.choose([], "")
    if (name === "ties") {
      this.ties = null
      write(this.status, "")
      return on ? this.#tie() : studio.mark()
    }
    if (name === "samples") {
      this.drawnSamples = null
      write(this.status, "")
      return on ? this.#sample() : studio.refresh()
    }
    if (name === "film") return on && ground.data.film ? this.film.open(ground.data.film, ground.scene) : this.film.close()
  }

  #tie() {
    const ground = this.studio.ground()
    if (!ground) return
    const found = tiesOf(ground.pinnedRow, ground)
    this.ties = found
    const kept = ground.data.panels.map(({ title }, place) => {
      const ties = found.maps[place]
      return ties && `${title} keeps ${ties.filter(({ kind }) => kind === "kept").length}`
    })
    write(
      this.status,
      say(`Of the ${K} {samples} nearest to #${ground.ids[ground.pinnedRow]} in {parts}`) +
        `: ${kept.filter(Boolean).join(", ")}. ` +
        "Full line: kept; dashed: lost; dotted with a cross: near on the map only.",
    )
    this.studio.mark()
  }

  async #sample() {
    const { studio } = this
    const ground = studio.ground()
    if (!ground) return
    const one = coded(ground, ground.data.spaces[0].key)
    const { space } = one
    if (!space.noise_url) return
    const width = space.axes.length
    const noise = await arrays.floats(space.noise_url, ground.data.n * width)
    const row = ground.pinnedRow
    const spread = noise.subarray(row * width, (row + 1) * width)
    const mean = codeOf(one, row)
    this.seed += 1
    const images = await studio.decoders.draw(space.key, samples(mean, spread, DRAWN_SAMPLES, this.seed), DRAWN_SAMPLES)
    if (!this.tools.pressed("samples")) return
    this.drawnSamples = { outline: ellipse(mean, spread, ground.data.panels[0].dims), images, shape: space.shape }
    write(this.status, say(`The ellipse holds two standard deviations of the code of #${ground.ids[row]}; below, {pictures} drawn from it.`))
    studio.refresh()
  }

  /** Lay an overlay over the maps, or take it away; one backdrop at a time, and one that is none. @param {string} name @param {boolean} on */
  async #lay(name, on) {
    const overlay = OVERLAYS[name]
    const { data, maps, dark } = this.studio
    const { scene } = maps
    if (on && (!data || !scene)) return this.tools.mark(name, false)
    for (const [other, { isBackdrop }] of Object.entries(OVERLAYS))
      if (other !== name && isBackdrop === overlay.isBackdrop) this.tools.mark(other, false)
    write(this.status, on ? "Computing …" : "")
    /** @type {OverlayDrawing} */
    const found = on && data && scene ? await overlay.draw({ data, scene, dark }) : { says: "" }
    if (this.tools.pressed(name) !== on || this.studio.data?.view !== data?.view) return
    if (overlay.isBackdrop) maps.painter.backdrops(found.pictures ?? [])
    else this.arrows = found.arrows ?? []
    write(this.status, found.says)
    this.studio.mark()
  }

  /** @param {Float32Array[] | null} columns */
  #frame(columns) {
    if (!columns) this.tools.mark("film", false)
    this.studio.maps.replace(0, columns)
    this.studio.mark()
  }
}
