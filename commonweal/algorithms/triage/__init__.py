"""What a short message is about, in any language: labels with calibrated probabilities, by a linear model.

The pieces: ``features`` turns a text into weighted numbers, ``machines`` finds the weights, ``calibrating`` turns a
margin into a probability and finds where a yes begins, ``likeness`` keeps near-same texts together, ``model`` is what
is kept in a file, ``training`` makes one, ``scoring`` says how good it is. Prose: docs/explanation/triage.md.
"""
