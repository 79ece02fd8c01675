"""Make the site: the course as pages to read, and as a laboratory that runs in the browser.

`python -m tools.site reading` makes the pages, `python -m tools.site lab` the laboratory, and
`python -m tools.site` both; `python -m tools.site pictures` photographs them for README. What
comes out opens from any web server, `python -m http.server` too, and asks nothing of any other.
"""
