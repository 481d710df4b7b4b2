"""Run a recipe elsewhere: submit, watch, stop, go on; on this machine or on a Dask cluster. No page, no model."""
