/** The nouns of Walk and Draw. Types only: no browser asks for this file. */

/** @import {Shape} from "./types.js" */

/** @typedef {{key: string, title: string, decoder_url: string, width: number, shape: Shape}} Drawer who decodes */

/**
 * @typedef {object} Block pictures side by side; see `Block` in nouns.py
 * @property {string} key
 * @property {string} title
 * @property {string} note
 * @property {number} n
 * @property {number} columns
 * @property {Shape} shape
 * @property {string | null} space who decodes `codes_url`
 * @property {string | null} codes_url float32 `(n, width)`
 * @property {string | null} images_url uint8 `(n, *shape)`
 * @property {string[]} captions one a picture, or none
 * @property {boolean} moves bars that say how far the picture moves from one to the next
 * @property {boolean} dense no room between the pictures
 * @property {boolean} hidden only for the stage
 * @property {number[]} dims coordinates that are said of each picture where there are no captions
 * @property {string[]} names what they are called
 * @property {string | null} over_url float32 `(n_images, 2)`: dots over a lattice of pictures
 * @property {[number, number][]} over where its outer nodes lie, across and up
 */

/** @typedef {{at: number[], label: string}} Dot a marked place, in the map's numbers */

/**
 * @typedef {object} MapData a small flat map; see `SmallMap` in nouns.py
 * @property {string} key
 * @property {string} title
 * @property {string} note
 * @property {string} points_url float32 `(n, 2)`
 * @property {number[][]} path joined by a line; none: []
 * @property {Dot[]} dots
 */

/**
 * @typedef {object} WalkData what Python's `walk` says
 * @property {string} runtime
 * @property {"browser" | "server"} decode
 * @property {string} layout
 * @property {[string, string][]} words see the canvas's `Data`
 * @property {string | null} features_url likewise
 * @property {Drawer[]} spaces
 * @property {Block[]} blocks
 * @property {string[]} stage keys of the blocks whose picture under the cursor is shown large; "key#2": always its third
 * @property {MapData[]} maps
 * @property {number} n points of a map
 * @property {string} ids_url
 * @property {string} labels_url
 * @property {string[]} class_names
 * @property {boolean} scrub a slider walks along the pictures
 * @property {number} start where the cursor stands at first
 * @property {string} file what a saved file is called
 * @property {number} heard
 */

/** @typedef {{values: Float32Array | Uint8Array, levels: number}} Pictures */

export {}
