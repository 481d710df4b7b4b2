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
 * How axes are named under a flat map: "z1 →   z2 ↑".
 * @param {string[]} axes
 */
export function axisCaption(axes) {
  return axes.map((name, i) => `${name} ${["→", "↑", ""][i] ?? ""}`.trim()).join("    ")
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
