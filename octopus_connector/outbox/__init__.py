"""The way of a document to Octopus: when, in which order, and what an answer means."""
