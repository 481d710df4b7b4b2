/** The row of tools under the maps: colours, lasso, search, order, backdrop, film and the lines that reproduce a view. */
import * as table from "../overlays/table.js"
import { limits, scaleOf } from "../painter/colouring.js"
import { element, write } from "../shared/text.js"
import { say } from "../shared/sentences.js"

/** @import {CanvasPayload, CodeSpace, MapPanel} from "../shared/types.js" */
/** @import {Theme} from "../shared/theme.js" */

export class Tools {
  /**
   * @param {object} on
   * @param {(by: string) => void} on.colour
   * @param {(clusters: number) => void} on.count
   * @param {(tool: "" | "lasso" | "box") => void} on.select
   * @param {(id: string) => void} on.find
   * @param {(name: string, pressed: boolean) => void} on.toggle
   * @param {(dims: number[]) => void} on.dims
   * @param {(kind: "png" | "svg") => void} on.save
   */
  constructor(on) {
    this.on = on
    this.root = element("div", "ll-tools")
    this.root.setAttribute("role", "toolbar")
    this.root.setAttribute("aria-label", "Tools")
    this.colour = /** @type {HTMLSelectElement} */ (element("select", "ll-select"))
    this.colour.title = "What the colours of the dots mean"
    this.colour.addEventListener("change", () => on.colour(this.colour.value))
    this.k = /** @type {HTMLInputElement} */ (element("input", "ll-count"))
    this.k.type = "number"
    this.k.title = "How many clusters to look for"
    this.k.setAttribute("aria-label", "How many clusters")
    this.k.hidden = true
    this.k.addEventListener("change", () => this.#asked())
    this.scale = element("span", "ll-scale")
    this.low = element("span", "")
    this.bar = element("span", "ll-scale-bar")
    this.high = element("span", "")
    this.scale.append(this.low, this.bar, this.high)
    this.find = /** @type {HTMLInputElement} */ (element("input", "ll-find"))
    this.find.type = "text"
    this.find.inputMode = "numeric"
    this.find.placeholder = say("{sample} number")
    this.find.title = say("Find {a_sample}: type its number and press Enter")
    this.find.setAttribute("aria-label", say("Pin the {sample} of this number"))
    this.find.addEventListener("change", () => on.find(this.find.value))
    this.dims = element("span", "ll-group ll-dims")
    this.key = this.dimsKey = ""
    /** @type {Record<string, HTMLButtonElement>} */
    this.buttons = {}
    const toggle = (/** @type {string} */ name, /** @type {string} */ text, /** @type {string} */ title) => {
      const button = /** @type {HTMLButtonElement} */ (element("button", "ll-button", text))
      button.type = "button"
      button.title = title
      button.setAttribute("aria-pressed", "false")
      button.addEventListener("click", () => this.press(name, button.getAttribute("aria-pressed") !== "true"))
      this.buttons[name] = button
      return button
    }
    this.root.append(
      group("Colour by", this.colour),
      this.k,
      this.dims,
      group(
        "Select",
        toggle("lasso", "Lasso", say("Draw round dots to see their {samples}")),
        toggle("box", "Box", say("Drag a box over dots to see their {samples}")),
        toggle("worst", "Worst first", say("The {samples} that the autoencoder draws worst")),
        this.find,
      ),
      group(
        "Show",
        toggle("ties", "Neighbours", say("The ten nearest of the pinned {sample}: kept by a map, lost, or only near on the map")),
        ...Object.entries(table).map(([name, { label, title }]) => toggle(name, label, say(title))),
        toggle("plane", "Plane", "A plane through the 3-D code, beside its map: move over it"),
        toggle("samples", "Samples", say("What the encoder is unsure of: the spread of the pinned code, and {pictures} drawn from it")),
      ),
      toggle("film", "Training film", "How the map came to be, from the first step of the training to the last"),
      toggle("code", "Python", "The lines that reproduce this view"),
      group("Save", this.#saver("png", "PNG", "The maps as they lie here, as a picture"), this.#saver("svg", "SVG", "The maps as they lie here, as a drawing that stays sharp")),
    )
  }

  /** @param {"png" | "svg"} kind @param {string} text @param {string} title */
  #saver(kind, text, title) {
    const button = /** @type {HTMLButtonElement} */ (element("button", "ll-button", text))
    button.type = "button"
    button.title = title
    button.addEventListener("click", () => this.on.save(kind))
    return button
  }

  /** Set a toggle and say so. @param {string} name @param {boolean} pressed */
  press(name, pressed) {
    this.mark(name, pressed)
    if (name === "lasso" || name === "box") {
      if (pressed) this.mark(name === "lasso" ? "box" : "lasso", false)
      this.on.select(pressed ? /** @type {"lasso" | "box"} */ (name) : "")
    } else this.on.toggle(name, pressed)
  }

  /** @param {string} name @param {boolean} pressed */
  mark(name, pressed) {
    this.buttons[name].setAttribute("aria-pressed", String(pressed))
  }

  /** @param {string} name */
  pressed(name) {
    return this.buttons[name].getAttribute("aria-pressed") === "true"
  }

  /** @param {CanvasPayload} data */
  set(data) {
    const { spaces, dim, film, panels, decode, class_names: classes } = data
    const choices = classes.length ? [["", "class"]] : []
    for (const { key, title } of spaces) choices.push([`errors ${key}`, `error of ${title}`])
    for (const { key, title } of spaces) choices.push([`distances ${key}`, `distance off the data, ${title}`])
    for (const { key, title, clusters } of spaces) if (clusters) choices.push([`clusters ${key}`, `clusters of ${title}`])
    if (!classes.length) choices.push(["", "nothing: they have no labels"])
    const key = JSON.stringify(choices)
    if (key !== this.key) {
      this.key = key
      this.colour.replaceChildren(...choices.map(([value, text]) => new Option(text, value)))
    }
    const browser = decode === "browser"
    const drawn = panels.find(({ space }) => space)
    this.buttons.film.hidden = !film
    for (const [name, overlay] of Object.entries(table)) this.buttons[name].hidden = !overlay.offered(data)
    this.buttons.plane.hidden = !(browser && dim === 3 && drawn?.dims.length === 3)
    this.buttons.samples.hidden = !(browser && spaces[0]?.noise_url)
    for (const name of ["lasso", "box", "worst", "ties"]) this.buttons[name].hidden = !browser
    this.#chooseDims(spaces[0], panels[0], dim)
  }

  /** How many clusters there are, where the colours mean them and another number can be asked for. @param {CanvasPayload} data */
  count({ counts: [k, least, most] }) {
    this.k.hidden = !this.colour.value.startsWith("clusters") || least === most
    Object.assign(this.k, { min: String(least), max: String(most) })
    if (document.activeElement !== this.k || this.k.hidden) this.k.value = String(k)
  }

  #asked() {
    const { min, max, value } = this.k
    const k = Math.min(Math.max(Math.round(Number(value)) || Number(min), Number(min)), Number(max))
    this.k.value = String(k)
    this.on.count(k)
  }

  /** Which coordinates the first map shows, where the code has more. @param {CodeSpace} space @param {MapPanel} panel @param {number} dim */
  #chooseDims(space, panel, dim) {
    const wanted = space && panel.space && space.axes.length > dim ? panel.dims : []
    const key = JSON.stringify([space?.key, space?.axes.length, wanted])
    if (key === this.dimsKey) return
    this.dimsKey = key
    const selects = wanted.map((chosen, place) => {
      const select = /** @type {HTMLSelectElement} */ (element("select", "ll-select"))
      select.append(...space.order.map((d) => new Option(space.axes[d].name, String(d), false, d === chosen)))
      select.setAttribute("aria-label", `Axis ${place + 1} of the map`)
      select.addEventListener("change", () => {
        const dims = selects.map((one) => Number(one.value))
        const taken = dims.findIndex((d, i) => i !== place && d === dims[place])
        if (taken >= 0) dims[taken] = wanted[place] // one takes the other's place
        this.on.dims(dims)
      })
      return select
    })
    this.dims.replaceChildren(...(selects.length ? [element("span", "ll-group-name", "Map shows"), ...selects] : []))
    this.dims.hidden = !selects.length
  }

  /** The scale of the colours. @param {{values: Float32Array, theme: Theme} | null} by null: by class */
  legend(by) {
    this.scale.hidden = !by
    if (!by) return
    const { values, theme } = by
    const [low, high] = limits(values)
    write(this.low, low.toFixed(1))
    write(this.high, `${high.toFixed(1)} and more`)
    this.bar.style.background = `linear-gradient(90deg, ${scaleOf(theme).map(([, colour]) => colour).join()})`
  }
}

/** Controls that belong together; where the row is too long they go to the next line together. @param {string} name @param {HTMLElement[]} controls */
function group(name, ...controls) {
  const made = element(controls.length > 1 ? "span" : "label", "ll-group")
  if (controls.length > 1) {
    made.setAttribute("role", "group")
    made.setAttribute("aria-label", name)
  }
  made.append(element("span", "ll-group-name", name), ...controls)
  return made
}
