/** What colour a dot has: that of its class or cluster, or a place on a scale for a number. */
import { CLASS_COLOURS, NO_CLASS } from "../shared/theme.js"

// Viridis: even to the eye, readable by colour-blind people and in grey; turned round on dark paper.
const SCALE = ["#fde725", "#90d743", "#35b779", "#21918c", "#31688e", "#443983", "#440154"]

/** @import {Colouring, Paint} from "../shared/browsertypes.js" */
/** @import {CanvasPayload} from "../shared/types.js" */
/** @import {Theme} from "../shared/theme.js" */

/**
 * What the dots are coloured by.
 * @param {{labels: Uint8Array, data: Pick<CanvasPayload, "class_names">}} scene
 * @param {Theme} theme
 * @param {Colouring | null} by null: by class
 * @returns {Paint}
 */
export function paintOf(scene, theme, by) {
  if (!by || "groups" in by) {
    // More than ten groups share the ten colours.
    const { labels, names } = groupsOf(scene, by)
    const n = names.length
    return {
      color: Float32Array.from(labels, (label) => (label < n ? label % NO_CLASS : NO_CLASS)),
      colorscale: [...CLASS_COLOURS, theme.neutral].map((colour, i) => [i / NO_CLASS, colour]), // exact at 0 to 10
      cmin: 0,
      cmax: NO_CLASS,
      panel: theme.panel,
      line: theme.line,
    }
  }
  const [cmin, cmax] = limits(by.values)
  return { color: by.values, colorscale: scaleOf(theme), cmin, cmax, panel: theme.panel, line: theme.line }
}

/** What the legend lists. @param {{labels: Uint8Array, data: Pick<CanvasPayload, "class_names">}} scene @param {Colouring | null} by @returns {import("../shared/browsertypes.js").Groups} */
export function groupsOf({ labels, data }, by) {
  return by && "groups" in by ? by.groups : { labels, names: data.class_names }
}

/** The colour of each dot, as a style sheet writes it. @param {Paint} paint @returns {(row: number) => string} */
export function tints({ color, colorscale, cmin, cmax }) {
  return (row) => {
    const share = Math.min(1, Math.max(0, (color[row] - cmin) / (cmax - cmin))) || 0
    return colorscale[Math.round(share * (colorscale.length - 1))][1]
  }
}

/** @param {Theme} theme @returns {[number, string][]} */
export function scaleOf(theme) {
  const colours = theme.dark ? [...SCALE].reverse() : SCALE
  return colours.map((colour, i) => [i / (colours.length - 1), colour])
}

/** From the lowest value to one that 99 % stay below. @param {Float32Array} values */
export function limits(values) {
  const sorted = values.filter(Number.isFinite).sort()
  if (!sorted.length) return [0, 1]
  const [low, high] = [sorted[0], sorted[Math.round(0.99 * (sorted.length - 1))]]
  return high > low ? [low, high] : [low, low + 1]
}
