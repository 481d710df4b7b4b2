"""The latent canvas: linked maps, decoders in the browser, walls of pictures and small ones, as Streamlit components.

Here live the components (``components``, ``strip``, ``watching``), what they say (``events``) and the routes that bring
the browser its files (``assets``). What they are given, and what runs in the browser, is in ``ae_models.canvas``. No
model and no data set may live here: what is drawn comes in as values and addresses of arrays, and what a visitor
settled on goes out as a ``CanvasState`` or a ``DrawState``.
"""
