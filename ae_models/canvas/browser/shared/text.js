/** Words that stand on the maps. Names of classes are data: text only, never markup. */

const AN = /^(8|11\b|18\b|[aeiou])/i

/**
 * Plotly reads a little HTML in its labels: take the meaning out of it.
 * @param {string} text
 */
export function plain(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")
}

/**
 * "a 7", "an 8", "an ankle boot".
 * @param {string} name
 */
export function withArticle(name) {
  return `${AN.test(name) ? "an" : "a"} ${name}`
}

/**
 * How axes are named under a map: "z1 →   z2 ↑", and in space "component 1 (9.7 %), 2 (7.1 %), 3 (6.2 %)".
 * @param {string[]} axes
 */
export function axisCaption(axes) {
  if (axes.length < 3) return axes.map((name, i) => `${name} ${i ? "↑" : "→"}`).join("   ")
  const [first, ...rest] = axes
  const lead = first.slice(0, first.indexOf(" ") + 1)
  return [first, ...rest.map((name) => (lead && name.startsWith(lead) ? name.slice(lead.length) : name))].join(", ")
}

/**
 * An axis's name at the end of a short line: "z1", or the number of "component 1 (9.7 %)".
 * @param {string} name
 */
export function shortName(name) {
  const bare = name.replace(/\s*\(.*\)$/, "")
  return bare.length > 4 ? bare.slice(bare.lastIndexOf(" ") + 1) : bare
}

/**
 * An element with a class and text.
 * @param {string} tag
 * @param {string} className
 * @param {string} [text]
 */
export function element(tag, className, text = "") {
  const made = document.createElement(tag)
  made.className = className
  if (text) made.textContent = text
  return made
}

/**
 * Write text only where it differs: a rerun that changes nothing touches nothing.
 * @param {Element} target
 * @param {string} text
 */
export function write(target, text) {
  if (target.textContent !== text) target.textContent = text
}

/**
 * What an image is called: "#0, a 7"; "#3, trousers"; "#5" where it has no class.
 * @param {number} id
 * @param {string | undefined} className
 */
export function named(id, className) {
  if (className === undefined) return `#${id}`
  return `#${id}, ${className.length === 1 ? withArticle(className) : className}`
}
