"""Places without any outside service: the areas, streets and addresses of a region, from one file.

`osm` reads an OpenStreetMap extract, `build` makes three small files of it (an address index, the areas with
their outlines, map tiles), `gazetteer` finds what a person typed, `svg` draws the areas, `serve` hands the
files to a browser. Nothing here knows a model of the network.
"""
