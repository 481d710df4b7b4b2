/** The maps as a file: a vector drawing with every dot in it, and the same as pixels. */
import { drawn } from "./painter.js"
import { download } from "./save.js"

/** @import {Backdrop, Projection} from "../shared/browsertypes.js" */
/** @import {LatentMaps} from "./maps.js" */

const ROOM = 14 // around all of it
const NS = "http://www.w3.org/2000/svg"
const TIMES = 2 // pixels of the PNG, each way, for one of the page
const MOST = 8000 // pixels a side
/** What a mark's style sheet says; in a file of its own it has none. */
const STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-opacity", "opacity", "font-size", "font-family", "text-anchor", "dominant-baseline"]

/** @param {LatentMaps} maps @param {HTMLCanvasElement[]} small pictures where dots would be @param {"svg" | "png"} kind */
export async function saveMaps(maps, small, kind) {
  const svg = drawing(maps, small)
  const text = new XMLSerializer().serializeToString(svg)
  const vector = new Blob([text], { type: "image/svg+xml" })
  const name = `maps-${maps.data?.view ?? "view"}`
  if (kind === "svg") return download(vector, `${name}.svg`)
  download(await pixels(vector, Number(svg.getAttribute("width")), Number(svg.getAttribute("height"))), `${name}.png`)
}

/** @param {LatentMaps} maps @param {HTMLCanvasElement[]} small */
function drawing(maps, small) {
  const { grid, legend, scene, theme } = maps
  if (!scene || !theme) throw new Error("there is no map yet")
  const [frame, under] = [grid.getBoundingClientRect(), legend.root.getBoundingClientRect()]
  const [width, height] = [Math.ceil(frame.width + 2 * ROOM), Math.ceil(under.bottom - frame.top + 2 * ROOM)]
  const svg = make("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `${-ROOM} ${-ROOM} ${width} ${height}`, "font-family": theme.font })
  svg.append(make("rect", { x: -ROOM, y: -ROOM, width, height, fill: theme.paper }))
  for (const card of grid.querySelectorAll(".ll-card, .ll-plane:not([hidden])")) {
    const { left, top, width, height } = within(card, frame)
    svg.append(make("rect", { x: left + 0.5, y: top + 0.5, width: width - 1, height: height - 1, rx: 14, fill: theme.panel, stroke: theme.line }))
  }
  for (const [place] of drawn(scene)) svg.append(dots(maps, place))
  for (const canvas of [...small, ...grid.querySelectorAll(".ll-plane:not([hidden]) canvas")]) {
    if (!(canvas instanceof HTMLCanvasElement) || canvas.hidden) continue
    const { left: x, top: y, width, height } = within(canvas, frame)
    svg.append(make("image", { href: canvas.toDataURL(), x, y, width, height }))
  }
  svg.append(marks(maps.marks.root))
  for (const words of grid.querySelectorAll(":is(.ll-title, .ll-note, .ll-caption)")) svg.append(...written(words, frame))
  for (const entry of legend.root.querySelectorAll('.ll-legend-entry[aria-pressed="true"]')) {
    const [swatch, name] = entry.children
    const { left, top, width } = within(swatch, frame)
    svg.append(make("circle", { cx: left + width / 2, cy: top + width / 2, r: width / 2, fill: getComputedStyle(swatch).backgroundColor }), ...written(name, frame))
  }
  return svg
}

/** @param {LatentMaps} maps @param {number} place */
function dots({ scene, places, painter }, place) {
  const { left, top, width, height } = places[place]
  const box = make("svg", { x: left, y: top, width, height, overflow: "hidden" })
  const view = painter.seen(place)
  const map = painter.maps.get(place)
  if (!scene || !map || !view) return box
  box.append(...painter.below.filter((one) => one.place === place).map((one) => backdrop(one, view)))
  // A path a layer and colour: no class hides all others, and what is near hides what is far.
  for (const { radius, opacity, dots } of map.layers()) {
    const group = make("g", { fill: "none", "stroke-linecap": "round", "stroke-width": 2 * radius, opacity })
    group.append(...paths(dots))
    box.append(group)
  }
  return box
}

/** Rings, crosses and lines, with what their style sheet says written into them. @param {Element} root */
function marks(root) {
  const copy = /** @type {Element} */ (root.cloneNode(true))
  const [from, to] = [root.querySelectorAll("*"), copy.querySelectorAll("*")]
  from.forEach((mark, i) => {
    const style = getComputedStyle(mark)
    if (style.display === "none") return to[i].remove()
    for (const name of STYLES) to[i].setAttribute(name, style.getPropertyValue(name))
    for (const name of ["class", "style"]) to[i].removeAttribute(name)
  })
  copy.removeAttribute("class")
  return copy
}

/** An element's words where they stand, a text for each line. @param {Element} element @param {DOMRect} frame */
function written(element, frame) {
  const node = element.firstChild
  const style = getComputedStyle(element)
  if (!(node instanceof Text) || style.visibility === "hidden") return []
  const range = document.createRange()
  /** @type {{words: string, x: number, y: number}[]} */
  const lines = []
  for (const { 0: word, index } of node.data.matchAll(/\S+\s*/g)) {
    range.setStart(node, index)
    range.setEnd(node, index + word.trimEnd().length)
    const { left, top, bottom } = range.getBoundingClientRect()
    const y = (top + bottom) / 2 - frame.top
    const last = lines.at(-1)
    if (last && Math.abs(last.y - y) < 2) last.words += word
    else if (bottom > top) lines.push({ words: word, x: left - frame.left, y })
  }
  return lines.map(({ words, x, y }) => {
    const made = make("text", { x, y, fill: style.color, "font-size": style.fontSize, "font-weight": style.fontWeight, "dominant-baseline": "central" })
    made.textContent = words.trimEnd().replace(/ {2,}/g, (gap) => "\u00a0".repeat(gap.length))
    return made
  })
}

/** @param {Element} element @param {DOMRect} frame */
function within(element, frame) {
  const { left, top, width, height } = element.getBoundingClientRect()
  return { left: left - frame.left, top: top - frame.top, width, height }
}

/** @param {Blob} vector @param {number} width @param {number} height @returns {Promise<Blob>} */
async function pixels(vector, width, height) {
  const url = URL.createObjectURL(vector)
  try {
    const image = new Image()
    await new Promise((resolve, reject) => {
      image.onload = resolve
      image.onerror = () => reject(new Error("the maps could not be drawn as a picture"))
      image.src = url
    })
    const times = Math.min(TIMES, MOST / width, MOST / height)
    const canvas = document.createElement("canvas")
    Object.assign(canvas, { width: Math.round(width * times), height: Math.round(height * times) })
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((resolve, reject) => canvas.toBlob((made) => (made ? resolve(made) : reject(new Error("no picture"))), "image/png"))
  } finally {
    URL.revokeObjectURL(url)
  }
}

/** A path for each colour: a few hundred elements, where one a dot would be thousands. @param {{x: number, y: number, colour: string}[]} dots */
function paths(dots) {
  /** @type {Map<string, string>} */
  const lines = new Map()
  for (const { x, y, colour } of dots) lines.set(colour, `${lines.get(colour) ?? ""}M${x.toFixed(1)} ${y.toFixed(1)}h0`)
  return [...lines].map(([stroke, d]) => make("path", { d, stroke }))
}

/** @param {Backdrop} picture @param {Projection} view */
function backdrop({ source, x, y, sizex, sizey }, view) {
  const [left, top] = view.project([x, y]) ?? [0, 0]
  const [right, bottom] = view.project([x + sizex, y - sizey]) ?? [0, 0]
  return make("image", { href: source, x: left, y: top, width: right - left, height: bottom - top, preserveAspectRatio: "none" })
}

/** @param {string} name @param {Record<string, string | number>} attributes @returns {SVGElement} */
function make(name, attributes) {
  const made = /** @type {SVGElement} */ (document.createElementNS(NS, name))
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value))
  return made
}
