/** What Plotly is asked to draw: one trace a map, so that a row has the same number on every map. */

import { padded } from "./viewport.js"

/** @import {Look, Place, Points, Scene} from "../shared/browsertypes.js" */
/** @import {MapPanel} from "../shared/types.js" */
/** @typedef {{width: number, height: number}} Size */
/** @typedef {{x: [number, number], y: [number, number]}} Domain */

/** Panels are numbered by their place, drawn or not: a map that arrives later moves no other one's zoom. */
export const numbered = (/** @type {number} */ place) => (place === 0 ? "" : String(place + 1))

/** The maps that have points. @param {Scene} scene @returns {[number, Points][]} place and points */
export const drawn = ({ points }) => points.flatMap((one, place) => (one ? [/** @type {[number, Points]} */ ([place, one])] : []))

/** Larger dots where there are few. @param {number} n @param {number} dim */
export const dotSize = (n, dim) => (n <= 1000 ? 7 : n <= 4000 ? 5 : 4) * (dim === 3 ? 0.45 : 1)

/** @param {Scene} scene */
export function traces(scene) {
  const { data, ids } = scene
  const marker = {
    size: dotSize(data.n, data.dim),
    opacity: data.dim === 3 ? 0.85 : 0.8,
    ...scene.paint,
    showscale: false,
    line: { width: 0 },
  }
  return drawn(scene).map(([place, { columns }]) => {
    const shared = {
      mode: "markers",
      x: without(columns[0], scene.hidden),
      y: columns[1],
      customdata: ids,
      hoverinfo: "skip", // what is under the pointer is found in gestures.js and said in tooltip.js
      marker,
      showlegend: false,
    }
    const at = numbered(place)
    return data.dim === 3
      ? { ...shared, type: "scatter3d", z: columns[2], scene: `scene${at}` }
      : { ...shared, type: "scattergl", xaxis: `x${at}`, yaxis: `y${at}` }
  })
}

/**
 * A column in which hidden rows are nowhere, and every row keeps its number.
 * @param {Float32Array} column
 * @param {Uint8Array} hidden
 */
export function without(column, hidden) {
  return hidden.includes(1) ? column.map((value, row) => (hidden[row] ? NaN : value)) : column
}

/**
 * @param {Scene} scene
 * @param {Size} size of the whole figure
 * @param {Place[]} places of the panels' maps
 * @param {(Look | null)[]} looks how each map lies
 */
export function layout(scene, size, places, looks) {
  const { data } = scene
  const made = {
    ...frame(size),
    uirevision: data.view,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    margin: { l: 0, r: 0, t: 0, b: 0, pad: 0 },
    dragmode: data.dim === 3 ? "orbit" : "pan",
    hovermode: false,
    showlegend: false,
  }
  for (const [place, { ranges }] of drawn(scene)) {
    const panel = data.panels[place]
    const look = looks[place] ?? []
    Object.assign(
      made,
      data.dim === 3
        ? space(place, panel, ranges, look, domain(size, places[place]))
        : plane(place, panel, look, domain(size, places[place])),
    )
  }
  return made
}

/**
 * The part of a layout that a change of size moves, as Plotly's `relayout` takes it.
 * @param {Scene} scene
 * @param {Size} size
 * @param {Place[]} places
 */
export function moved(scene, size, places) {
  const update = frame(size)
  for (const [place] of drawn(scene)) {
    const at = numbered(place)
    const { x, y } = domain(size, places[place])
    if (scene.data.dim === 3) Object.assign(update, { [`scene${at}.domain.x`]: x, [`scene${at}.domain.y`]: y })
    else Object.assign(update, { [`xaxis${at}.domain`]: x, [`yaxis${at}.domain`]: y })
  }
  return update
}

/** How one map is to lie, as Plotly's `relayout` takes it. @param {number} place @param {Look} look */
export function aimed(place, look) {
  const at = numbered(place)
  if (look.length > 4) return { [`scene${at}.camera`]: camera(look) }
  return { [`xaxis${at}.range`]: look.slice(0, 2), [`yaxis${at}.range`]: look.slice(2) }
}

export const CONFIG = {
  displayModeBar: false,
  scrollZoom: true,
  doubleClick: false, // what it does is done in pointing.js
  showTips: false,
  responsive: false,
  plotGlPixelRatio: Math.min(window.devicePixelRatio || 1, 2),
}

const frame = (/** @type {Size} */ { width, height }) => ({ width, height, autosize: false })

/**
 * Where a map lies, as Plotly counts: shares of the figure, from the bottom left.
 * @param {Size} size
 * @param {Place} place
 * @returns {Domain}
 */
function domain(size, { left, top, width, height }) {
  const share = (/** @type {number} */ value) => Math.min(1, Math.max(0, value))
  return {
    x: [share(left / size.width), share((left + width) / size.width)],
    y: [share(1 - (top + height) / size.height), share(1 - top / size.height)],
  }
}

/** @param {Look} look */
function camera(look) {
  const point = (/** @type {number} */ from) => ({ x: look[from], y: look[from + 1], z: look[from + 2] })
  return { eye: point(0), center: point(3), up: point(6) }
}

/** @param {number} place @param {MapPanel} panel @param {Look} look @param {Domain} domain */
function plane(place, panel, look, { x, y }) {
  const at = numbered(place)
  const axis = { visible: false, autorange: false }
  return {
    [`xaxis${at}`]: { ...axis, domain: x, anchor: `y${at}`, range: look.slice(0, 2) },
    [`yaxis${at}`]: {
      ...axis,
      domain: y,
      anchor: `x${at}`,
      range: look.slice(2),
      ...(panel.preserve_aspect ? { scaleanchor: `x${at}` } : {}),
    },
  }
}

/** @param {number} place @param {MapPanel} panel @param {[number, number][]} ranges @param {Look} look @param {Domain} domain */
function space(place, panel, ranges, look, { x, y }) {
  const axis = (/** @type {number} */ d) => ({ visible: false, showspikes: false, autorange: false, range: padded(ranges[d]) })
  return {
    [`scene${numbered(place)}`]: {
      domain: { x, y },
      xaxis: axis(0),
      yaxis: axis(1),
      zaxis: axis(2),
      aspectmode: panel.preserve_aspect ? "data" : "cube",
      dragmode: "orbit",
      hovermode: false,
      bgcolor: "rgba(0,0,0,0)",
      camera: camera(look),
    },
  }
}
