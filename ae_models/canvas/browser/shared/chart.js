/** A Plotly figure as a Streamlit component, in the theme's colours; with Plotly's copy that the maps use too. */
import { loadPlotly } from "./plotly.js"
import { readTheme } from "./theme.js"
import { element } from "./text.js"

/**
 * @typedef {object} Data
 * @property {string} plotly address of plotly.min.js
 * @property {{data: object[], layout: object}} figure with names of colours, "@accent"
 * @property {number} height
 * @property {string} label what is read aloud instead of the figure
 */

const CONFIG = { displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: false, showTips: false }

/** @type {WeakMap<Element, Chart>} */
const charts = new WeakMap()

/**
 * @param {object} component what Streamlit hands over
 * @param {HTMLElement} component.parentElement
 * @param {Data} component.data
 */
export function mount({ parentElement, data }) {
  let chart = charts.get(parentElement)
  if (!chart) {
    chart = new Chart(parentElement)
    charts.set(parentElement, chart)
  }
  const shown = chart
  const turn = (shown.turn += 1)
  shown.update(data)
  return () => {
    if (shown.turn !== turn) return // see canvas.js
    charts.delete(parentElement)
    shown.end()
  }
}

class Chart {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.turn = 0
    this.drawn = ""
    /** @type {any} */
    this.Plotly = null
    this.root = element("div", "ll-chart")
    this.root.setAttribute("role", "img")
    parent.append(this.root)
    parent.querySelector(".ll-hold-chart")?.remove()
  }

  /** @param {Data} data */
  async update({ plotly, figure, height, label }) {
    const { turn } = this
    this.root.style.height = `${height}px`
    this.root.setAttribute("aria-label", label)
    const colours = named(this.root)
    const key = JSON.stringify([figure, colours])
    if (key === this.drawn) return
    try {
      this.Plotly = await loadPlotly(plotly)
      if (turn !== this.turn) return // a later figure is on its way
      this.drawn = key
      const { data, layout } = coloured(figure, colours)
      layout.font = { ...layout.font, family: readTheme(this.root).font }
      layout.height = height
      await this.Plotly.react(this.root, data, layout, CONFIG)
      this.root.dataset.ready = "true"
    } catch (error) {
      this.drawn = ""
      this.root.textContent = `This figure cannot be drawn here: ${error instanceof Error ? error.message : error}`
    }
  }

  end() {
    this.turn += 1
    this.Plotly?.purge(this.root)
    this.root.remove()
  }
}

/**
 * What the names of colours stand for.
 * @param {HTMLElement} host
 * @returns {Record<string, string>}
 */
function named(host) {
  const theme = readTheme(host)
  const style = getComputedStyle(host)
  return {
    "@ink": theme.ink,
    "@muted": theme.muted,
    "@line": theme.line,
    "@accent": theme.accent,
    "@panel": theme.panel,
    "@tint": style.getPropertyValue("--st-blue-background-color").trim() || theme.line,
    "@good": style.getPropertyValue("--st-green-color").trim() || theme.accent,
  }
}

/**
 * A copy of a figure with colours for their names.
 * @param {any} value
 * @param {Record<string, string>} colours
 * @returns {any}
 */
function coloured(value, colours) {
  if (typeof value === "string") return colours[value] ?? value
  if (Array.isArray(value)) return value.map((one) => coloured(one, colours))
  if (value === null || typeof value !== "object") return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, coloured(one, colours)]))
}
