/** A selection: dots in a lasso or box, or those drawn worst; their gallery, their marks, and their files. */
import * as arrays from "../shared/arrays.js"
import { Gallery } from "./gallery.js"
import { inside, Lasso } from "./lasso.js"
import { coded, codeOf } from "../decode/decode_view.js"
import { csv, download, npz } from "../painter/save.js"

/** @import {DecodeContext, Pixel, Scene} from "../shared/browsertypes.js" */
/** @import {Named} from "../painter/save.js" */
/** @import {Studio} from "../explore/studio.js" */

const WORST = 300
const MARKED = 2000 // dots of a selection that are marked on the maps; how many there are is always said

export class Selection {
  /**
   * @param {Studio} studio
   * @param {() => void} unsorted what is selected is no longer "worst first"
   */
  constructor(studio, unsorted) {
    this.studio = studio
    this.unsorted = unsorted
    this.lasso = new Lasso((place, line, done) => this.#circled(place, line, done))
    this.gallery = new Gallery({
      pick: (row) => studio.viewState.pick(row),
      save: (kind) => this.#save(kind),
      close: () => this.choose([], ""),
    })
    this.ids = /** @type {number[]} */ ([])
    this.title = ""
  }

  /** Other images are shown: nothing is selected among them. */
  forget() {
    this.ids = []
    this.gallery.root.hidden = true
    this.#tray()
    this.#standOut()
  }

  /** @param {number[]} ids @param {string} title */
  choose(ids, title) {
    this.ids = ids
    this.title = title
    if (!ids.length) this.unsorted()
    this.gallery.root.hidden = !ids.length
    this.#tray()
    this.show()
    this.studio.root.dataset.selected = String(ids.length)
    this.studio.messages.say({ selection: ids })
    this.studio.mark()
  }

  /** The images that the first space draws worst, of those that are shown. @param {DecodeContext} ground */
  async worst(ground) {
    const { space } = coded(ground, ground.data.spaces[0].key)
    const errors = await arrays.floats(space.errors_url, ground.data.n)
    const rows = [...errors.keys()].filter((row) => !ground.scene.hidden[row]).sort((a, b) => errors[b] - errors[a])
    const shown = rows.slice(0, WORST)
    this.choose(shown.map((row) => ground.ids[row]), `Worst drawn by ${space.title}, ${shown.length} of ${rows.length.toLocaleString("en")}`)
  }

  /** The selected dots stand out on all maps. */
  #standOut() {
    const { scene, painter } = this.studio.maps
    const rows = scene ? this.#rows(scene) : []
    if (!scene || !rows.length) return painter.standOut(null)
    const chosen = new Uint8Array(scene.data.n)
    for (const row of rows) chosen[row] = 1
    painter.standOut(chosen)
  }

  /** What is marked on a map. @param {Float32Array[]} columns @param {Scene} scene */
  marked(columns, scene) {
    const step = Math.max(1, this.ids.length / MARKED)
    const marked = Array.from({ length: Math.min(MARKED, this.ids.length) }, (_, i) => this.ids[Math.floor(i * step)])
    return this.#rows(scene, marked)
      .filter((row) => !scene.hidden[row])
      .map((row) => columns.map((column) => column[row]))
  }

  /** @param {number} place @param {Pixel[]} line @param {boolean} done */
  #circled(place, line, done) {
    const { maps } = this.studio
    maps.marks.lasso(place, done ? [] : line)
    const { scene } = maps
    const view = maps.seen(place)
    const columns = scene?.points[place]?.columns
    if (!done || !scene || !columns || !view || line.length < 3) return
    const ids = []
    for (let row = 0; row < scene.data.n; row++) {
      if (scene.hidden[row]) continue
      const spot = view.project(columns.map((column) => column[row]))
      if (spot && inside(line, spot)) ids.push(scene.ids[row])
    }
    this.unsorted()
    this.choose(ids, `${ids.length.toLocaleString("en")} selected on ${scene.data.panels[place].title}`)
  }

  /** Gallery and neighbours share one place. */
  #tray() {
    this.studio.neighbours.root.hidden = !this.gallery.root.hidden
  }

  /** The rows of the selected images. @param {Scene} scene */
  #rows(scene, ids = this.ids) {
    return ids.flatMap((id) => scene.rowOf.get(id) ?? [])
  }

  /** Fill the gallery: again where another data set's, or another model's, maps are there. */
  async show() {
    const { studio } = this
    this.#standOut()
    const ground = studio.ground()
    if (!ground || !this.ids.length) return
    const rows = this.#rows(ground.scene)
    this.gallery.show(this.title, rows, ground, MARKED)
    this.#tray()
    if (studio.root.dataset.decodes !== "true" || !rows.length) return
    const one = coded(ground, ground.data.spaces[0].key)
    const { space } = one
    const mean = new Float32Array(space.axes.length)
    for (const row of rows) codeOf(one, row).forEach((value, d) => (mean[d] += value / rows.length))
    const image = await studio.decoders.draw(space.key, mean, 1)
    this.gallery.decode(image, space.shape, ground.dark, space.title)
  }

  /** @param {"csv" | "npz"} kind */
  #save(kind) {
    const ground = this.studio.ground()
    if (!ground) return
    const file = kind === "csv" ? asCsv(this.#rows(ground.scene), ground) : asNpz(this.#rows(ground.scene), ground)
    download(file, `selection-${ground.data.view}.${kind}`)
  }
}

/** @param {number[]} rows @param {DecodeContext} ground */
function asCsv(rows, { spaces, scene, data }) {
  const all = [...spaces.values()]
  const head = ["id", "label", ...all.flatMap(({ space }) => space.axes.map((axis) => `${space.key} ${axis.name}`))]
  const lines = rows.map((row) => [
    scene.ids[row],
    data.class_names[scene.labels[row]] ?? "",
    ...all.flatMap((one) => Array.from(codeOf(one, row))),
  ])
  return csv(head, lines)
}

/** @param {number[]} rows @param {DecodeContext} ground */
function asNpz(rows, { spaces, scene }) {
  /** @type {Record<string, Named>} */
  const files = {
    ids: { values: Int32Array.from(rows, (row) => scene.ids[row]), shape: [rows.length] },
    labels: { values: Uint8Array.from(rows, (row) => scene.labels[row]), shape: [rows.length] },
  }
  for (const [key, one] of spaces) {
    const width = one.space.axes.length
    const values = new Float32Array(rows.length * width)
    rows.forEach((row, i) => values.set(codeOf(one, row), i * width))
    files[`codes_${key}`] = { values, shape: [rows.length, width] }
  }
  return npz(files)
}
