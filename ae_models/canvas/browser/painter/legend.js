/** The legend under the maps: each class or cluster a button that takes it off all maps and puts it back. */
import { CLASS_COLOURS } from "../shared/theme.js"
import { element } from "../shared/text.js"

export class Legend {
  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed
    this.root = element("div", "ll-legend")
    this.root.setAttribute("role", "group")
    /** @type {Set<number>} */
    this.hidden = new Set()
    /** @type {HTMLButtonElement[]} */
    this.buttons = []
    this.all = this.#button("ll-legend-all", () => this.#set(new Set()))
    this.all.textContent = "Show all"
    this.names = ""
  }

  /** Returns whether it lists something else than before: then nothing is hidden. @param {string[]} names @param {"Classes" | "Clusters"} [what] */
  write(names, what = "Classes") {
    const key = JSON.stringify([what, names])
    if (key === this.names) return false
    this.names = key
    this.root.setAttribute("aria-label", `${what} on the maps`)
    this.hidden = new Set()
    this.buttons = names.map((name, label) => this.#entry(name, label))
    this.root.replaceChildren(...this.buttons, ...(names.length ? [this.all] : []))
    this.#mark()
    return true
  }

  /** @param {string} name @param {number} label */
  #entry(name, label) {
    const button = this.#button("ll-legend-entry", () => {
      const hidden = new Set(this.hidden)
      if (!hidden.delete(label)) hidden.add(label)
      this.#set(hidden)
    })
    button.addEventListener("dblclick", () => {
      this.#set(new Set([...this.buttons.keys()].filter((other) => other !== label)))
    })
    const swatch = element("span", "ll-swatch")
    swatch.style.setProperty("--colour", CLASS_COLOURS[label % CLASS_COLOURS.length])
    button.append(swatch, element("span", "", name))
    button.title = "Click: hide or show. Double-click: only this one."
    return button
  }

  /** @param {string} className @param {() => void} act */
  #button(className, act) {
    const button = /** @type {HTMLButtonElement} */ (element("button", className))
    button.type = "button"
    button.addEventListener("click", act)
    return button
  }

  /** @param {Set<number>} hidden */
  #set(hidden) {
    this.hidden = hidden
    this.#mark()
    this.changed()
  }

  #mark() {
    this.buttons.forEach((button, label) => button.setAttribute("aria-pressed", String(!this.hidden.has(label))))
    this.all.style.visibility = this.hidden.size ? "visible" : "hidden"
  }
}
