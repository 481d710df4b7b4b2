/**
 * What Python sends: types only, no browser asks for this file.
 * Written by `python -m ae_models.canvas.generate` from the dataclasses in `types.py` and `walk_types.py`.
 */

/**
 * @typedef {object} Axis One coordinate of a code: its name and where its slider goes (see `ae_models.latent.Bounds`).
 * @property {string} name
 * @property {number} low
 * @property {number} high
 * @property {number} start
 * @property {number} stop
 * @property {number} step
 */

/**
 * @typedef {object} Clusters Groups of the codes of a space, found when somebody asks.
 * @property {string} url Address of uint8 `(n,)`: the cluster of each row from 0, the largest first.
 * @property {string} method What finds them: a class of scikit-learn, and its `random_state`.
 * @property {number} seed What finds them: a class of scikit-learn, and its `random_state`.
 */

/**
 * @typedef {object} CodeSpace A space whose points can be drawn: its decoder, and the codes of the images shown.
 * @property {string} key `"pca"`, `"PCA"`.
 * @property {string} title `"pca"`, `"PCA"`.
 * @property {string} decoder_url Address of an ONNX graph, `code (n, len(axes))` -> `image (n, *shape)`.
 * @property {string} codes_url Address of little-endian float32 `(n, len(axes))`.
 * @property {[number, number, number]} shape
 * @property {Axis[]} axes
 * @property {number[]} order The axes as their sliders stand, those that matter first.
 * @property {[number, number | null, number | null]} support A point is on the data when its `k`-th nearest code is at most `near` away, in a gap up to `far`.
 * @property {string} errors_url Addresses of float32 `(n,)`: each image's squared reconstruction error, and the distance to its `k`-th nearest other code.
 * @property {string} distances_url Addresses of float32 `(n,)`: each image's squared reconstruction error, and the distance to its `k`-th nearest other code.
 * @property {string | null} noise_url Address of float32 `(n, len(axes))`, the standard deviations of the codes, where the encoder gives any.
 * @property {Clusters | null} clusters What its dots can be coloured by without a label.
 */

/**
 * @typedef {object} Fields What a visitor may lay over a flat map, made when somebody asks.
 * @property {string} off_url Address of float32 `(lines * lines,)`, row by row from the top left: distance off the data; up to 1 is on it.
 * @property {string} stretch_url Address of float32 `(lines * lines + 1,)`: the logarithm of the decoder's stretch beyond its median on the data, and last the error that 95 % of the values stay below.
 * @property {string | null} arrows_url Address of float32 `(arrows * arrows, 4)`: where codes lie, and where they come back to when they are drawn and read again.
 * @property {[number, number]} across Where the outer nodes lie.
 * @property {[number, number]} up Where the outer nodes lie.
 * @property {number} lines Nodes a side.
 * @property {number} arrows Nodes a side.
 */

/**
 * @typedef {object} MapPanel One map: what it is called, where its points are, what it says about itself.
 * @property {string} title The heading, and beside it what the map was fitted on.
 * @property {string} note The heading, and beside it what the map was fitted on.
 * @property {string | null} points_url Address of little-endian float32 values, row-major `(n, dim)`; None shows the empty state.
 * @property {string} empty What the empty state says. A part between backticks, or a command after ": python", is set as code.
 * @property {string[]} axes What the axes are called, without arrows; `()` for a map whose axes mean nothing.
 * @property {string} foot The captions at the bottom. Which sample is pinned is added to the second.
 * @property {string} corner The captions at the bottom. Which sample is pinned is added to the second.
 * @property {string | null} space The key of the code space that the map shows; None for a map that cannot draw.
 * @property {number[]} dims Which coordinates of the code its axes are.
 * @property {boolean} preserve_aspect One unit is as long on every axis.
 * @property {Fields | null} fields What may be laid over the map.
 * @property {[string, string][]} choices Other maps that could stand here, key and title; `()` for none.
 * @property {string} chosen Which of them this one is.
 */

/**
 * @typedef {object} ImageSheet All images shown, in one array: uint8 `(n, *shape)`, where `levels` means 1.0.
 * @property {string} title
 * @property {string} url
 * @property {[number, number, number]} shape
 * @property {number} levels
 */

/**
 * @typedef {object} Film The training of the first code space as moments on its map, the last of them the map as it is.
 * @property {string} url Address of float16 `(len(captions), n, width)`.
 * @property {string} ids_url Address of int32 `(n,)`: the images that were followed.
 * @property {number} n
 * @property {number[]} places Which of the `width` numbers the map's axes are.
 * @property {number} width
 * @property {string[]} captions What is said of each moment.
 */

/**
 * @typedef {object} CanvasPayload Everything that the canvas of Explore, or of one HTML file, is given.
 * @property {string} runtime Address of ONNX Runtime's module.
 * @property {MapPanel[]} panels One map each; all have the same rows in the same order.
 * @property {CodeSpace[]} spaces The decoders, at most two; none where there is nothing to draw with.
 * @property {ImageSheet[]} images What a model should answer, and after it what it sees, where that is something else.
 * @property {2 | 3} dim Numbers a point has on the maps.
 * @property {number} n Rows.
 * @property {string} ids_url Address of little-endian int32 `(n,)`: the image each row shows.
 * @property {string} labels_url Address of uint8 `(n,)`: an index into `class_names`; anything beyond it (255, say) has no class.
 * @property {string[]} class_names One a class; more than ten share the ten colours.
 * @property {string} noun What one of them is called: "test image".
 * @property {Record<string, string>} nouns What a sentence about these data is filled with (`Kind.nouns`).
 * @property {number | null} pinned The image that wears the ring.
 * @property {string} drive The key of the space whose coordinates the sliders move.
 * @property {number[] | null} point Where the sliders stand; None: on the pinned image.
 * @property {"codes" | "pixels"} near What "nearest" means.
 * @property {"browser" | "server"} decode `"server"` leaves out everything that decodes: the page draws it.
 * @property {string} view Names what is shown. Zoom and camera are kept while it stays the same.
 * @property {number} heard The last message's number.
 * @property {string} error_tip What the glossary says of the error.
 * @property {(number[] | null)[]} looks How each map lies when `view` is first shown; None, and what is missing: by itself.
 * @property {Film | null} film The training, as moments of the first space's map.
 * @property {string} code The lines that reproduce the view, with `{pin}` and `{point}` where those belong.
 * @property {string | null} colour What the colours of the dots mean at first: "class", or "errors", "distances" or "clusters" and the key of a space: "errors pca". None, and what is not there: the class where there is one, else the first space's errors.
 * @property {[number, number, number]} counts How many clusters there are, the fewest and the most that may be asked for.
 * @property {string | null} features_url Address of JSON: for rows of numbers, what each is called and its lowest and highest value.
 */

/**
 * @typedef {object} Drawer A decoder: `code (n, width)` -> `image (n, *shape)`, an ONNX graph at `decoder_url`.
 * @property {string} key
 * @property {string} title
 * @property {string} decoder_url
 * @property {number} width
 * @property {[number, number, number]} shape
 */

/**
 * @typedef {object} Block Pictures side by side.
 * @property {string} key
 * @property {string} title
 * @property {string} note
 * @property {number} n How many, and how many in a row.
 * @property {number} columns How many, and how many in a row.
 * @property {[number, number, number]} shape
 * @property {string | null} space The key of the `Drawer` of `codes_url`.
 * @property {string | null} codes_url Address of float32 `(n, width)`. With `images_url` too, they are only saved.
 * @property {string | null} images_url Address of uint8 `(n, *shape)`: shown as they are.
 * @property {string[]} captions What is said of each picture; none, or `n`.
 * @property {boolean} moves Show how far the picture moves from each to the next.
 * @property {boolean} dense Leave no room between pictures.
 * @property {boolean} hidden Only for the stage.
 * @property {number[]} dims Without captions: the coordinates of the code that are said of each picture, and what they are called.
 * @property {string[]} names Without captions: the coordinates of the code that are said of each picture, and what they are called.
 * @property {string | null} over_url Address of float32 `(n_images, 2)`: dots laid over the pictures, which are a lattice whose outer nodes lie at `over`, the lowest and the highest value across and up.
 * @property {[number, number][]} over
 */

/**
 * @typedef {object} Dot A marked place on a small map, in the map's numbers.
 * @property {[number, number]} at
 * @property {string} label
 */

/**
 * @typedef {object} SmallMap A small flat map: dots at float32 `(n, 2)`, a path over them, marked places.
 * @property {string} key
 * @property {string} title
 * @property {string} note
 * @property {string} points_url
 * @property {[number, number][]} path
 * @property {Dot[]} dots
 */

/**
 * @typedef {object} WalkPayload Walls of pictures with a cursor that is the same in all that have as many, and small maps.
 * @property {string} runtime Address of ONNX Runtime's module.
 * @property {"browser" | "server"} decode `"server"`: each block brings its images.
 * @property {string} layout "between", "grid", "numbers", "bits", "sum" or "new": where things stand.
 * @property {Drawer[]} spaces Who decodes.
 * @property {Record<string, string>} nouns What a sentence about these data is filled with (`Kind.nouns`).
 * @property {Block[]} blocks
 * @property {string[]} stage Keys of the blocks whose picture under the cursor is shown large; `"key#2"` is always its third picture.
 * @property {SmallMap[]} maps
 * @property {number} n Dots of a map; `ids_url` (int32) and `labels_url` (uint8) say whose they are.
 * @property {string} ids_url
 * @property {string} labels_url
 * @property {string[]} class_names
 * @property {string | null} features_url Address of JSON: for rows of numbers, what each is called and its lowest and highest value.
 * @property {boolean} scrub A slider walks along the pictures.
 * @property {number} start Where the cursor stands at first.
 * @property {string} file What a saved file is called.
 * @property {number} heard The last message's number.
 */

/**
 * @typedef {object} Placed Where a map's own method puts one drawing; `note` says so.
 * @property {number} drawing
 * @property {[number, number]} at
 * @property {string} note
 */

/**
 * @typedef {object} Reader A space that reads drawings: its encoder and its decoder, and what is known of real images in it.
 * @property {string} key
 * @property {string} title
 * @property {string} encoder_url ONNX graphs: `image (n, *input_shape)` -> `mean (n, width)`, and `code` -> `image (n, *output_shape)`.
 * @property {string} decoder_url ONNX graphs: `image (n, *input_shape)` -> `mean (n, width)`, and `code` -> `image (n, *output_shape)`.
 * @property {[number, number, number]} input_shape
 * @property {[number, number, number]} output_shape
 * @property {number} width
 * @property {string} codes_url Float32 `(n_images, width)`.
 * @property {string} errors_url Float32 `(n_images,)`: the squared error of each real image.
 * @property {[number, number | null, number | null]} support See `ae_models.latent.Support`.
 * @property {SmallMap} map
 * @property {number[]} dims Which coordinates the map shows.
 */

/**
 * @typedef {object} DrawPayload A sheet whose drawing is centred as the data's images are, encoded, and shown on small maps.
 * @property {string} runtime Address of ONNX Runtime's module.
 * @property {"browser" | "server"} decode `"server"`: the drawing is sent at the end of each stroke.
 * @property {string} view Names the readers: another one draws the same strokes again.
 * @property {Reader[]} readers The autoencoder first.
 * @property {SmallMap | null} third A map without an encoder: a drawing's place on it is estimated from its 15 nearest images.
 * @property {boolean} places Whether that map's own method can be asked: the drawing is sent at the end of each stroke.
 * @property {Placed | null} placed What it said last.
 * @property {[number, number, number]} shape What a drawing becomes.
 * @property {number} box How many pixels its longer side takes.
 * @property {number} n The images on the maps.
 * @property {string} ids_url The images on the maps.
 * @property {string} labels_url The images on the maps.
 * @property {string[]} class_names The images on the maps.
 * @property {ImageSheet} sheet Their pixels.
 * @property {number[] | null} given Bytes of an image `shape` to start from, in place of strokes.
 * @property {string} given_name What that is called; another name is taken for another picture.
 * @property {number} heard The last message's number.
 * @property {string} error_tip What the glossary says of the error.
 */

export {}
