"""Settings of Sphinx, which makes the site of these pages: `./run docs`."""

project = "brief"
extensions = ["myst_parser"]
myst_heading_anchors = 4
# Code fences of the pages that are neither a language that Pygments knows nor plain text.
highlight_language = "none"
suppress_warnings = ["misc.highlighting_failure"]
exclude_patterns = ["gallery", "_site"]
html_theme = "furo"
html_title = "brief"
# Nothing is loaded from another server.
html_show_sphinx = False
html_theme_options = {
    "source_edit_link": "",
    "light_css_variables": {"color-brand-primary": "#12355b", "color-brand-content": "#12355b"},
}
