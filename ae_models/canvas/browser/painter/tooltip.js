/** What stands beside the pointer when it touches a dot: which image that is. */
import { element, write } from "../shared/text.js"

export class Tip {
  constructor() {
    this.root = element("div", "ll-pointer-tip")
    this.root.setAttribute("aria-hidden", "true") // the strip says the same, and speaks
    this.root.hidden = true
  }

  /**
   * @param {string} text "" takes it away
   * @param {number} x from the left of the maps
   * @param {number} y
   * @param {number} width of the maps
   */
  say(text, x = 0, y = 0, width = 0) {
    this.root.hidden = !text
    if (!text) return
    write(this.root, text)
    const left = x > width - 190
    this.root.style.transform = `translate(${x + (left ? -14 : 14)}px, ${y - 30}px) translateX(${left ? "-100%" : "0"})`
  }
}
