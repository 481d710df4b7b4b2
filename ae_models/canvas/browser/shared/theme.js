/** Colours: ten for the classes, the rest from Streamlit's theme. */

/** Petroff's accessible sequence (2021). */
export const CLASS_COLOURS = [
  "#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6", "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd",
]

/** The colour number of a point that has no class. */
export const NO_CLASS = CLASS_COLOURS.length

/**
 * @typedef {object} Theme
 * @property {boolean} dark
 * @property {string} paper
 * @property {string} panel
 * @property {string} ink
 * @property {string} muted
 * @property {string} line
 * @property {string} accent
 * @property {string} font
 * @property {string} neutral the colour of points without a class
 */

/**
 * Read the theme that holds where an element stands.
 * @param {HTMLElement} host
 * @returns {Theme}
 */
export function readTheme(host) {
  const style = getComputedStyle(host)
  const read = (/** @type {string} */ name, /** @type {string} */ otherwise) => {
    const value = style.getPropertyValue(`--st-${name}`).trim()
    return value && value !== "unset" ? value : otherwise
  }
  const paper = read("background-color", "#fbfaf8")
  const dark = luminance(host, paper) < 0.4
  return {
    dark,
    paper,
    panel: read("secondary-background-color", dark ? "#1a1d27" : "#ffffff"),
    ink: read("text-color", dark ? "#eceef5" : "#1d2230"),
    muted: read("gray-text-color", dark ? "#9aa3b5" : "#667085"),
    line: read("border-color", dark ? "#2b3040" : "#e4e2dc"),
    accent: read("primary-color", dark ? "#8b9bff" : "#3346d3"),
    font: read("font", "sans-serif"),
    neutral: dark ? "#7d8ba6" : "#6b7a90",
  }
}

/**
 * Relative brightness of a CSS colour, 0 black to 1 white; the browser reads the colour.
 * @param {HTMLElement} host
 * @param {string} colour
 */
function luminance(host, colour) {
  const probe = document.createElement("span")
  probe.style.color = colour
  host.append(probe)
  const [r, g, b] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? ["255", "255", "255"]).map(Number)
  probe.remove()
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255
}
