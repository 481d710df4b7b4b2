/** What waits until it is asked for: colours, selections, neighbours, backdrop, plane, spread, film, code. */
import * as arrays from "./arrays.js"
import { backdrop } from "./density.js"
import { drawn, numbered } from "./figure.js"
import { FilmBar } from "./film.js"
import { Gallery } from "./gallery.js"
import { inside, Lasso } from "./lasso.js"
import { codeOf } from "./look.js"
import { Plane } from "./plane.js"
import { ellipse, samples } from "./posterior.js"
import { csv, download, npz } from "./save.js"
import { Thumbs } from "./thumbs.js"
import { K, tiesOf } from "./ties.js"
import { Tools } from "./tools.js"
import { element, write } from "./words.js"

const WORST = 300
const MARKED = 2000 // dots of a selection that are marked on the maps
const DRAWN_SAMPLES = 8

export class Extras {
  /** @param {import("./studio.js").Studio} studio */
  constructor(studio) {
    this.studio = studio
    this.tools = new Tools({
      colour: (by) => this.#colour(by),
      select: (tool) => {
        this.lasso.tool = tool
        studio.maps.painter.hold(Boolean(tool))
      },
      find: (id) => this.#find(id),
      toggle: (name, on) => this.#toggle(name, on),
      dims: (dims) => studio.talk.say({ dims }),
    })
    this.lasso = new Lasso((place, line, done) => this.#circled(place, line, done))
    this.gallery = new Gallery({
      pick: (row) => studio.pick(row),
      save: (kind) => this.#save(kind),
      close: () => this.#choose([], ""),
    })
    this.film = new FilmBar({ show: (columns) => this.#frame(columns) })
    this.plane = new Plane({
      touch: (point) => studio.touchPoint(point),
      put: (point) => studio.put(0, point),
      moved: () => studio.mark(),
    })
    this.thumbs = new Thumbs()
    this.status = element("p", "ll-status")
    this.status.setAttribute("role", "status")
    this.code = element("div", "ll-code-box")
    this.code.hidden = true
    this.lines = element("pre", "ll-code-lines")
    this.lines.tabIndex = 0
    this.code.append(this.lines)
    this.chosen = /** @type {number[]} ids */ ([])
    this.ties = null
  }

  /** Python's latest data. */
  set(data, other) {
    this.tools.set(data)
    if (data.ids_url !== this.idsUrl) {
      this.idsUrl = data.ids_url
      this.chosen = []
      this.gallery.root.hidden = true
      this.#tray()
    }
    if (!other) return
    this.film.close()
    for (const name of ["worst", "ties", "density", "plane", "samples", "film"]) this.tools.mark(name, false)
    this.ties = this.spread = null
    if (!this.plane.root.hidden) this.plane.close()
    this.tools.colour.value = ""
    this.tools.legend(null, this.studio.maps.theme)
    write(this.status, "")
  }

  /** Another data set's, or another model's, maps are there: what was chosen stays chosen. */
  loaded() {
    if (this.chosen.length) this.#gallery()
  }

  /** @param {import("./look.js").Moment} moment */
  looked(moment, ground) {
    if (this.code.hidden) return
    const point = Array.from(moment.z, (value) => Number(value.toPrecision(7))).join(", ")
    const own = moment.space === ground.data.spaces[0].key
    const text = ground.data.code
      .replace("{pin}", String(ground.ids[moment.row]))
      .replace("{point}", own ? point : Array.from(moment.draws.get(ground.data.spaces[0].key).code).join(", "))
    write(this.lines, text)
  }

  /** The pin moved. @param {boolean} byHand */
  pinned(byHand) {
    if (byHand && !this.tools.buttons.ties.hidden) this.tools.mark("ties", true)
    if (this.tools.pressed("ties")) this.#tie()
    if (this.tools.pressed("samples")) this.#sample()
  }

  /** What is marked on one map beside ring and cross. */
  spots(place, scene) {
    const columns = scene.points[place]?.columns
    if (!columns) return { ties: [], outline: [], chosen: [] }
    const at = (row) => columns.map((column) => column[row])
    const rows = this.chosen.slice(0, MARKED).map((id) => scene.rowOf.get(id))
    return {
      ties: (this.ties?.maps[place] ?? []).map(({ row, kind }) => ({ point: at(row), kind })),
      outline: place === 0 ? (this.spread?.outline ?? this.plane.outline) : [],
      chosen: rows.filter((row) => row !== undefined && !scene.hidden[row]).map(at),
    }
  }

  /** Maps were shifted, zoomed, filtered or drawn anew. */
  moved() {
    cancelAnimationFrame(this.drawing)
    this.drawing = requestAnimationFrame(() => {
      const ground = this.studio.ground()
      const { maps } = this.studio
      if (!ground || !maps.places) return
      const seen = ground.scene.points.map((_, place) => maps.seen(place))
      this.thumbs.draw(seen, maps.places, ground.scene, ground.plain, ground.dark)
    })
  }

  drag(spot, phase) {
    return this.lasso.drag(spot, phase)
  }

  async #colour(by) {
    const { maps, data } = this.studio
    const [kind, key] = by.split(" ")
    const space = data.spaces.find((one) => one.key === key)
    const values = space ? await arrays.floats(space[`${kind}_url`], data.n) : null
    if (this.tools.colour.value !== by) return // another choice overtook this one
    maps.recolour(values && { values })
    this.tools.legend(values, maps.theme)
  }

  #find(text) {
    const { scene } = this.studio.maps
    const number = text.replace("#", "").trim()
    const row = scene?.rowOf.get(Number(number))
    if (row === undefined || number === "") return write(this.status, number ? `Image #${number} is not among those shown.` : "")
    write(this.status, "")
    this.studio.pick(row)
  }

  #toggle(name, on) {
    const { studio } = this
    const ground = studio.ground()
    if (name === "code") {
      this.code.hidden = !on
      return studio.refresh()
    }
    if (name === "density") return this.#density(on)
    if (!ground) return this.tools.mark(name, false)
    if (name === "worst") return on ? this.#worst(ground) : this.#choose([], "")
    if (name === "ties") {
      this.ties = null
      write(this.status, "")
      return on ? this.#tie() : studio.mark()
    }
    if (name === "plane") {
      const { theme } = studio.maps
      return on ? this.plane.open(ground.scene.points[0], ground.data.panels[0].axes, theme) : this.plane.close()
    }
    if (name === "samples") {
      this.spread = null
      write(this.status, "")
      return on ? this.#sample() : studio.refresh()
    }
    if (name === "film") return on ? this.film.open(ground.data.film, ground.scene) : this.film.close()
  }

  #tie() {
    const ground = this.studio.ground()
    if (!ground) return
    this.ties = tiesOf(ground.pinnedRow, ground)
    const kept = ground.data.panels.map(({ title }, place) => {
      const ties = this.ties.maps[place]
      return ties && `${title} keeps ${ties.filter(({ kind }) => kind === "kept").length}`
    })
    write(
      this.status,
      `Of the ${K} images nearest to #${ground.ids[ground.pinnedRow]} in pixels: ${kept.filter(Boolean).join(", ")}. ` +
        "Full line: kept; dashed: lost; dotted with a cross: near on the map only.",
    )
    this.studio.mark()
  }

  async #sample() {
    const { studio } = this
    const ground = studio.ground()
    const { space, codes } = ground.spaces.get(ground.data.spaces[0].key)
    const width = space.axes.length
    const noise = await arrays.floats(space.noise_url, ground.data.n * width)
    const row = ground.pinnedRow
    const spread = noise.subarray(row * width, (row + 1) * width)
    const mean = codeOf({ space, codes }, row)
    this.seed = (this.seed ?? 0) + 1
    const drawnCodes = samples(mean, spread, DRAWN_SAMPLES, this.seed)
    const images = await studio.decoders.draw(space.key, drawnCodes, DRAWN_SAMPLES)
    if (!this.tools.pressed("samples")) return
    this.spread = { outline: ellipse(mean, spread, ground.data.panels[0].dims), images, shape: space.shape }
    write(this.status, `The ellipse holds two standard deviations of the code of #${ground.ids[row]}; below, pictures drawn from it.`)
    studio.refresh()
  }

  /** Pictures drawn from a spread take the neighbours' places. */
  get drawnSamples() {
    return this.spread ?? null
  }

  async #worst(ground) {
    const { space } = ground.spaces.get(ground.data.spaces[0].key)
    const errors = await arrays.floats(space.errors_url, ground.data.n)
    const rows = [...errors.keys()].filter((row) => !ground.scene.hidden[row]).sort((a, b) => errors[b] - errors[a])
    const shown = rows.slice(0, WORST)
    this.#choose(shown.map((row) => ground.ids[row]), `Worst drawn by ${space.title}, ${shown.length} of ${rows.length.toLocaleString("en")}`)
  }

  #circled(place, line, done) {
    const { maps } = this.studio
    maps.marks.lasso(place, done ? [] : line)
    if (!done) return
    const { scene } = maps
    const view = maps.seen(place)
    if (!view || line.length < 3) return
    const { columns } = scene.points[place]
    const ids = []
    for (let row = 0; row < scene.data.n; row++) {
      if (scene.hidden[row]) continue
      const spot = view.project(columns.map((column) => column[row]))
      if (spot && inside(line, spot)) ids.push(scene.ids[row])
    }
    this.tools.mark("worst", false)
    this.#choose(ids, `${ids.length.toLocaleString("en")} selected on ${scene.data.panels[place].title}`)
  }

  #choose(ids, title) {
    this.chosen = ids
    this.chosenTitle = title
    if (!ids.length) this.tools.mark("worst", false)
    this.gallery.root.hidden = !ids.length
    this.#tray()
    if (ids.length) this.#gallery()
    this.studio.root.dataset.selected = String(ids.length)
    this.studio.talk.say({ selection: ids })
    this.studio.mark()
  }

  #tray() {
    this.studio.neighbours.root.hidden = !this.gallery.root.hidden
  }

  async #gallery() {
    const { studio } = this
    const ground = studio.ground()
    if (!ground) return
    const rows = this.chosen.map((id) => ground.scene.rowOf.get(id)).filter((row) => row !== undefined)
    this.gallery.show(this.chosenTitle, rows, ground)
    this.#tray()
    if (studio.root.dataset.decodes !== "true" || !rows.length) return
    const { space, codes } = ground.spaces.get(ground.data.spaces[0].key)
    const mean = new Float32Array(space.axes.length)
    for (const row of rows) codeOf({ space, codes }, row).forEach((value, d) => (mean[d] += value / rows.length))
    const image = await studio.decoders.draw(space.key, mean, 1)
    this.gallery.decode(image, space.shape, ground.dark, space.title)
  }

  #save(kind) {
    const ground = this.studio.ground()
    const { scene, data } = ground
    const rows = this.chosen.map((id) => scene.rowOf.get(id)).filter((row) => row !== undefined)
    const parts = [...ground.spaces.values()].map(({ space, codes }) => ({ space, codes: rows.map((row) => codeOf({ space, codes }, row)) }))
    const name = `selection-${data.view}`
    if (kind === "csv") {
      const head = ["id", "label", ...parts.flatMap(({ space }) => space.axes.map((axis) => `${space.key} ${axis.name}`))]
      const lines = rows.map((row, i) => [
        scene.ids[row],
        data.class_names[scene.labels[row]] ?? "",
        ...parts.flatMap(({ codes }) => Array.from(codes[i])),
      ])
      return download(csv(head, lines), `${name}.csv`)
    }
    const arraysOf = {
      ids: { values: Int32Array.from(rows, (row) => scene.ids[row]), shape: [rows.length] },
      labels: { values: Uint8Array.from(rows, (row) => scene.labels[row]), shape: [rows.length] },
    }
    for (const { space, codes } of parts) {
      const width = space.axes.length
      const values = new Float32Array(rows.length * width)
      codes.forEach((code, i) => values.set(code, i * width))
      arraysOf[`codes_${space.key}`] = { values, shape: [rows.length, width] }
    }
    download(npz(arraysOf), `${name}.npz`)
  }

  #density(on) {
    const { maps } = this.studio
    const { scene } = maps
    if (!scene) return this.tools.mark("density", false)
    const images = drawn(scene).map((place) => ({
      ...backdrop(scene.points[place], this.studio.dark),
      xref: `x${numbered(place)}`,
      yref: `y${numbered(place)}`,
      layer: "below",
      sizing: "stretch",
    }))
    maps.painter.backdrops(on ? images : [])
  }

  #frame(columns) {
    const { maps } = this.studio
    if (!columns) this.tools.mark("film", false)
    maps.replace(0, columns)
    this.studio.mark()
  }
}
