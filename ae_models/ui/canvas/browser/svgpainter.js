/** Maps without WebGL: a stratified few thousand dots as SVG, behind the same face as `Painter`; flat ones only. */
import { drawn, numbered } from "./figure.js"
import { element } from "./words.js"

const NS = "http://www.w3.org/2000/svg"
export const MOST = 3000
const PAD = 0.04

export class SvgPainter {
  /** @param {{moved: () => void}} on */
  constructor(on) {
    this.on = on
    this.root = element("div", "ll-figure")
    this.svg = document.createElementNS(NS, "svg")
    this.svg.setAttribute("class", "ll-svg-maps")
    this.root.append(this.svg)
    this.dim = null
  }

  async draw(_, scene, ground) {
    this.dim = scene.data.dim
    this.scene = scene
    this.ground = ground
    this.rows = stratified(scene.labels)
    this.root._fullLayout = {}
    for (const place of drawn(scene)) {
      const [x, y] = scene.points[place].bulk.map(([low, high]) => [low - PAD * (high - low), high + PAD * (high - low)])
      Object.assign(this.root._fullLayout, {
        [`xaxis${numbered(place)}`]: { range: x },
        [`yaxis${numbered(place)}`]: { range: y },
      })
    }
    this.#paint()
  }

  #paint() {
    const { scene, ground } = this
    this.svg.replaceChildren()
    const { color, colorscale, cmin, cmax } = scene.paint
    for (const place of drawn(scene)) {
      const { left, top, width, height } = ground.places[place]
      const [x, y] = ["x", "y"].map((axis) => this.root._fullLayout[`${axis}axis${numbered(place)}`].range)
      const [xs, ys] = scene.points[place].columns
      const lines = new Map()
      for (const row of this.rows) {
        if (scene.hidden[row]) continue
        const share = Math.min(1, Math.max(0, (color[row] - cmin) / (cmax - cmin)))
        const colour = colorscale[Math.round(share * (colorscale.length - 1))][1]
        const px = left + ((xs[row] - x[0]) / (x[1] - x[0])) * width
        const py = top + ((y[1] - ys[row]) / (y[1] - y[0])) * height
        if (px < left || py < top || px > left + width || py > top + height) continue
        lines.set(colour, `${lines.get(colour) ?? ""}M${px.toFixed(1)} ${py.toFixed(1)}h0`)
      }
      for (const [colour, line] of lines) {
        const path = document.createElementNS(NS, "path")
        path.setAttribute("d", line)
        path.setAttribute("stroke", colour)
        this.svg.append(path)
      }
    }
    this.on.moved()
  }

  hide() {
    this.#paint()
  }

  recolour() {
    if (this.dim !== null) this.#paint()
  }

  resize(_, ground) {
    this.ground = ground
    this.#paint()
  }

  resetCamera() {}
  hold() {}
  move() {
    this.#paint()
  }

  backdrops() {}

  clear() {
    this.svg.replaceChildren()
    this.dim = null
  }
}

/** At most 3,000 rows, of each class its share. */
function stratified(labels) {
  const rows = [...labels.keys()].sort((a, b) => labels[a] - labels[b] || a - b)
  if (rows.length <= MOST) return rows
  return Array.from({ length: MOST }, (_, i) => rows[Math.floor((i * rows.length) / MOST)])
}
