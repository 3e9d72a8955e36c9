"""Pictures of results, one file each; they look at results and compute nothing.

Every function takes a result, `ax` (the axes to draw on, a new figure if absent), `language`
(``"en"`` or ``"zh"``) and options by name, and returns the Axes. Nothing is shown or saved.
The same pictures are reached from a result: ``result.plot("waterfall")``.
"""
