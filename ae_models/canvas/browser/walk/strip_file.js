/** The walls as one picture file, with their names. */
import { pen } from "../decode/frame.js"
import { readTheme } from "../shared/theme.js"

/** @import {Wall} from "./wall.js" */

const TIMES = 3 // each pixel of a picture, as pixels of the file
const MOST = 8000 // pixels a side
const WORDS = 30

/**
 * @param {Wall[]} walls
 * @returns {Promise<Blob | null>}
 */
export function strip(walls) {
  if (!walls.length) return Promise.resolve(null)
  const wide = Math.max(...walls.map(({ canvas }) => canvas.width))
  const tall = walls.reduce((sum, { canvas }) => sum + canvas.height, 0)
  const times = Math.max(1, Math.floor(Math.min(TIMES, MOST / wide, MOST / tall)))
  const theme = readTheme(walls[0].root)
  const sheet = document.createElement("canvas")
  Object.assign(sheet, { width: Math.max(320, wide * times) + 20, height: tall * times + walls.length * (WORDS + 8) + 10 })
  const context = pen(sheet)
  context.fillStyle = theme.paper
  context.fillRect(0, 0, sheet.width, sheet.height)
  Object.assign(context, { imageSmoothingEnabled: false, fillStyle: theme.ink, font: `700 17px ${theme.font}`, textBaseline: "middle" })
  let top = 5
  for (const { canvas, title } of walls) {
    context.fillText(title.textContent ?? "", 10, top + WORDS / 2)
    context.drawImage(canvas, 10, top + WORDS, canvas.width * times, canvas.height * times)
    top += canvas.height * times + WORDS + 8
  }
  return new Promise((resolve) => sheet.toBlob(resolve, "image/png"))
}
