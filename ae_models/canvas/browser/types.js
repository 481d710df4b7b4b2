/** The nouns that modules hand to one another. Types only: no browser asks for this file. */

/** @typedef {{name: string, low: number, high: number, start: number, stop: number, step: number}} Axis */

/** @typedef {{url: string, method: string, seed: number}} Clusters see `Clusters` in nouns.py */

/** @typedef {[number, number, number]} Shape channels, height, width */

/**
 * @typedef {object} Space see `CodeSpace` in nouns.py
 * @property {string} key
 * @property {string} title
 * @property {string} decoder_url
 * @property {string} codes_url
 * @property {Shape} shape
 * @property {Axis[]} axes
 * @property {number[]} order
 * @property {[number, number | null, number | null]} support
 * @property {string} errors_url
 * @property {string} distances_url
 * @property {string | null} noise_url
 * @property {Clusters | null} clusters
 */

/**
 * @typedef {object} Panel see `MapPanel` in nouns.py
 * @property {string} title
 * @property {string} note
 * @property {string | null} points_url
 * @property {string} empty
 * @property {string[]} axes
 * @property {string} foot
 * @property {string} corner
 * @property {string | null} space key of the code space that the map shows
 * @property {number[]} dims which coordinates of the code its axes are
 * @property {boolean} preserve_aspect
 * @property {Fields | null} [fields]
 * @property {[string, string][]} choices other maps that could stand here, key and title
 * @property {string} chosen which of them this one is
 */

/** @typedef {{off_url: string, stretch_url: string, arrows_url: string | null, across: [number, number], up: [number, number], lines: number, arrows: number}} Fields see `Fields` in nouns.py */

/** @typedef {{title: string, url: string, shape: Shape, levels: number}} Sheet */
/** @typedef {Sheet & {bytes: Uint8Array}} LoadedSheet */

/**
 * @typedef {object} Film see `Film` in nouns.py
 * @property {string} url
 * @property {string} ids_url
 * @property {number} n
 * @property {number[]} places
 * @property {number} width
 * @property {string[]} captions
 */

/**
 * @typedef {object} Data what Python's `latent_canvas` says
 * @property {string} plotly address of plotly.min.js
 * @property {string} runtime address of ONNX Runtime's module
 * @property {Panel[]} panels
 * @property {Space[]} spaces
 * @property {Sheet[]} images
 * @property {2 | 3} dim
 * @property {number} n
 * @property {string} ids_url
 * @property {string} labels_url
 * @property {string[]} class_names
 * @property {string} kind
 * @property {[string, string][]} words which words of a sentence about images change for this data
 * @property {number | null} pinned
 * @property {string} drive
 * @property {number[] | null} point
 * @property {Near} near
 * @property {"browser" | "server"} decode
 * @property {string} view
 * @property {(Look | null)[]} looks how each map lies at first; null: as it lies by itself
 * @property {number} heard
 * @property {string} error_tip what the glossary says of the error
 * @property {Film | null} film
 * @property {string} code
 * @property {string | null} colour what the colours mean at first
 * @property {string | null} features_url of rows of numbers: JSON, what each is called, its lowest and highest value
 * @property {[number, number, number]} counts how many clusters there are, the fewest and the most that may be asked for
 */

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
 * @typedef {object} Paint how Plotly is told to colour the dots
 * @property {Float32Array} color
 * @property {[number, string][]} colorscale
 * @property {number} cmin
 * @property {number} cmax
 */

/**
 * @typedef {object} Scene everything that the maps need, loaded
 * @property {string} source what the dots depend on
 * @property {Data} data
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

/** @typedef {{space: Space, codes: Float32Array}} Coded */

/** @typedef {{space: string, z: Float64Array | null}} Rest where the sliders stand; null: on the pinned image */

/**
 * @typedef {object} Ground everything that is looked at, loaded
 * @property {Data} data
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
 * @typedef {object} Moment
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

/** @typedef {[number, number]} Pixel of a map's area, from its top left */

/**
 * @typedef {object} Projection how a map's numbers become pixels of its area at this moment, and back
 * @property {(point: ArrayLike<number>) => Pixel | null} project
 * @property {((x: number, y: number) => [number, number]) | null} unproject only on a flat map
 * @property {((d: number) => [number, number]) | null} turn where an axis points; only in space
 * @property {(columns: Float32Array[], x: number, y: number, reach: number, leave: (row: number) => boolean) => {row: number, distance: number} | null} hit
 */

/**
 * @typedef {object} Painter who draws the dots: Plotly, or SVG
 * @property {HTMLElement} root
 * @property {2 | 3 | null} dim how many dimensions are on the screen; null: nothing is
 * @property {(Plotly: any, scene: Scene, lie: Lie) => Promise<void>} draw
 * @property {(scene: Scene) => void} hide rows were hidden or came back
 * @property {(scene: Scene) => void} recolour
 * @property {(trace: number, columns: Float32Array[]) => void} move one map's dots lie elsewhere for a while
 * @property {Backdrop[]} below pictures under the dots now
 * @property {(pictures: Backdrop[]) => void} backdrops pictures under the dots of flat maps
 * @property {(spot: Spot, phase: "start" | "move" | "end") => boolean} grasp a drag; false where the painter reads the pointer itself
 * @property {(still: boolean) => void} hold whether a drag belongs to us
 * @property {(scene: Scene, lie: Lie) => void} resize
 * @property {(place: number) => Look | null} look how a map lies
 * @property {(place: number, look: Look) => void} aim
 * @property {(place: number, area: Place) => Projection | null} seen
 * @property {(row: number) => boolean} draws whether a row's dot is among those drawn
 * @property {() => void} clear
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

export {}
