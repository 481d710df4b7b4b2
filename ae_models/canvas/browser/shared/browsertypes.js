/** What the modules of the browser hand to one another; what Python sends is in types.js. Types only. */

/** @import {CanvasPayload, CodeSpace, ImageSheet} from "./types.js" */

/** @typedef {[number, number, number]} Shape channels, height, width */

/**
 * @typedef {object} Kind how a sample of a kind of data is drawn; see `kinds/kinds.js`
 * @property {string} name as Python's table has it
 * @property {(shape: Shape) => boolean} holds whether data of this shape can be of this kind
 * @property {(shape: Shape) => {width: number, height: number}} size of its picture, in pixels
 * @property {(pixels: Uint8ClampedArray, values: ArrayLike<number>, start: number, shape: Shape, levels: number, dark: boolean) => void} fill
 * draws the sample that begins at `start` of the values into the pixels (red, green, blue, alpha) of an `ImageData` of
 * that size: `levels` is the value that means 1; what is not in [0, 1] ends at the edge
 * @property {boolean} isChart whether its picture may be smoothed: its pixels are not the values
 * @property {(shape: Shape) => string[]} axis names under its picture
 * @property {((values: ArrayLike<number>, start: number, shape: Shape, levels: number, across: number) => string) | null} reading
 * what a sample says at a place of its picture, from 0 at the left edge to 1 at the right; null where it says nothing
 */

/** @typedef {ImageSheet & {bytes: Uint8Array}} LoadedSheet */

/**
 * @typedef {object} Groups what the dots are coloured by where it is no number: classes, or clusters
 * @property {Uint8Array} labels a place among the names; beyond them: of no group
 * @property {string[]} names
 */

/** @typedef {{values: Float32Array} | {groups: Groups}} Colouring */

/** @typedef {"codes" | "pixels"} Near */

/** @typedef {number[]} Look of a flat map [left, right, bottom, top]; of a camera its eye, centre and up, nine numbers */

/** @typedef {{left: number, top: number, width: number, height: number}} Place where a map lies among the others */

/** @typedef {{size: {width: number, height: number}, places: Place[]}} Lie where all of them lie */

/**
 * @typedef {object} Points
 * @property {Float32Array[]} columns one a dimension, n long
 * @property {[number, number][]} ranges lowest and highest finite value a dimension
 * @property {[number, number][]} bulk the part of a range that is shown at first: 99 % of the points, and room
 */

/**
 * @typedef {object} Paint what the dots are coloured by
 * @property {Float32Array} color
 * @property {[number, string][]} colorscale
 * @property {number} cmin
 * @property {number} cmax
 * @property {string} panel the colour where no dot is
 * @property {string} line the colour of thin lines
 */

/**
 * @typedef {object} Scene everything that the maps need, loaded
 * @property {string} source what the dots depend on
 * @property {CanvasPayload} data
 * @property {(Points | null)[]} points a panel's, or null where there is no map
 * @property {Int32Array} ids
 * @property {Map<number, number>} rowOf
 * @property {Uint8Array} labels
 * @property {Uint8Array} hidden 1 for a row that is not shown
 * @property {Paint} paint
 */

/** @typedef {{place: number, x: number, y: number}} Spot which map, and pixels from the top left of its area */

/**
 * @typedef {object} Touch what lies under a spot
 * @property {number} place which map
 * @property {number | null} row the dot there
 * @property {number[] | null} point where it is on a flat map
 */

/** @typedef {{space: CodeSpace, codes: Float32Array}} Coded */

/** @typedef {{space: string, z: Float64Array | null}} Rest where the sliders stand; null: on the pinned image */

/**
 * @typedef {object} DecodeContext everything that is looked at, loaded
 * @property {CanvasPayload} data
 * @property {Map<string, Coded>} spaces
 * @property {LoadedSheet[]} sheets
 * @property {LoadedSheet} plain the sheet that real images are shown from
 * @property {Int32Array} ids
 * @property {(row: number) => string} name "#0, a 7"
 * @property {boolean} dark
 * @property {Scene} scene
 * @property {number} pinnedRow
 * @property {Rest} rest
 */

/** @typedef {{rows: number[], distances: number[]}} Found nearest first; Euclidean */

/**
 * @typedef {object} DecodedPoint
 * @property {"image" | "point" | "neighbour"} kind an image; a point of a space; the image nearest on a map that cannot draw
 * @property {number} row the image that is looked at; of a point, the pinned one
 * @property {string} space whose coordinates count
 * @property {Float32Array | Float64Array} z the point in it; 64 bits keep a typed number as it was typed
 * @property {boolean} moved away from the pinned image
 * @property {boolean} touched under the pointer, and not only where the sliders stand
 * @property {Found} near the images nearest to it
 * @property {number | null} distance to the k-th nearest code
 * @property {Verdict} verdict
 * @property {Map<string, {code: Float32Array, row: number | null}>} draws what each decoder draws; row: an image's own code
 */

/** @typedef {"on" | "gap" | "off"} Verdict */

/** @typedef {{place: number, source: string, x: number, y: number, sizex: number, sizey: number}} Backdrop a picture in a map's numbers, from its top left */

/**
 * @typedef {object} Overlay something that may be laid over the maps
 * @property {string} label on its button
 * @property {string} title what it shows
 * @property {boolean} isBackdrop whether it lies under the dots
 * @property {(data: CanvasPayload) => boolean} offered whether these maps can have it
 * @property {(ground: {data: CanvasPayload, scene: Scene, dark: boolean}) => Promise<OverlayDrawing>} draw
 *
 * @typedef {object} OverlayDrawing
 * @property {Backdrop[]} [pictures] of a backdrop, under the dots of flat maps
 * @property {[number[], number[]][][]} [arrows] of each map, where it is no backdrop
 * @property {string} says what it means, in a sentence or two
 */

/** @typedef {[number, number]} Pixel of a map's area, from its top left */

/**
 * @typedef {object} Projection how a map's numbers become pixels of its area at this moment, and back
 * @property {(point: ArrayLike<number>) => Pixel | null} project
 * @property {((x: number, y: number) => [number, number]) | null} unproject only on a flat map
 * @property {((d: number) => [number, number]) | null} turn where an axis points; only in space
 */

/**
 * @typedef {object} Spots what is marked on one map, in the map's numbers
 * @property {number[] | null} ring the pinned image
 * @property {number[] | null} lit the image that is looked at
 * @property {number[] | null} other the image that the other decoder draws
 * @property {number[] | null} cross
 * @property {string[]} axes
 * @property {{point: number[], kind: "kept" | "lost" | "false"}[]} ties neighbours of the pinned image
 * @property {number[][]} outline a closed line: an ellipse, a plane
 * @property {number[][]} chosen the images in the lasso
 * @property {[number[], number[]][]} arrows from one place to another
 */

/** @typedef {{values: Float32Array | Uint8Array, levels: number}} Pictures of a wall, as they are or drawn */

export {}
