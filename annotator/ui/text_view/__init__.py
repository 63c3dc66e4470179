"""The text view: it paints a text with marks and reports what is done to them.

It knows neither schema nor store.

Words: a *block* is a stretch of text with a layout of its own: a paragraph, or a part of a huge
one. A *line* is a line of a block as it is wrapped. A *cell* is what one grapheme covers on a line.
A *piece* is the part of a mark that lies in a block. A *lane* is the height under a line at which a
mark's underline runs.
"""

from annotator.ui.text_view.marks import Link, Mark
from annotator.ui.text_view.widget import TextView

__all__ = ["Link", "Mark", "TextView"]
