/** The nouns of Draw. Types only: no browser asks for this file. */

/** @import {Shape, Sheet} from "./types.js" */
/** @import {MapData} from "./walktypes.js" */

/**
 * @typedef {object} Reader see `Reader` in nouns.py
 * @property {string} key
 * @property {string} title
 * @property {string} encoder_url
 * @property {string} decoder_url
 * @property {Shape} input_shape
 * @property {Shape} output_shape
 * @property {number} width
 * @property {string} codes_url
 * @property {string} errors_url
 * @property {[number, number | null, number | null]} support
 * @property {MapData} map
 * @property {number[]} dims
 */

/**
 * @typedef {object} DrawData what Python's `draw` says
 * @property {string} runtime
 * @property {"browser" | "server"} decode
 * @property {string} view
 * @property {Reader[]} readers
 * @property {MapData | null} third
 * @property {boolean} places the third map's own method can be asked
 * @property {{drawing: number, at: [number, number], note: string} | null} placed what it said last
 * @property {Shape} shape
 * @property {number} box
 * @property {number} n
 * @property {string} ids_url
 * @property {string} labels_url
 * @property {string[]} class_names
 * @property {Sheet} sheet
 * @property {number[] | null} given
 * @property {string} given_name
 * @property {number} heard
 * @property {string} error_tip what the glossary says of the error
 */

export {}
