"""A report as one web page.

Nothing is loaded from elsewhere, names keep their direction, it prints, light and dark.
"""

from html import escape

from annotator import __version__
from annotator.i18n import _, is_right_to_left, language, ngettext
from annotator.jobs.reports import charts
from annotator.jobs.reports.building import Report
from annotator.jobs.reports.tables import Cell, Sheet, sheets

MOST_ROWS = 200
STYLE = """
:root{color-scheme:light dark;--paper:#fbfaf7;--ink:#1b1b1a;--soft:#5b5850;
--line:#e4e1da;--accent:#2f5d8a;--warm:#b0630a}
@media (prefers-color-scheme:dark){:root{--paper:#1d1e20;--ink:#e7e5e0;--soft:#a9a7a1;
--line:#34363a;--accent:#8db4dc;--warm:#e0a95a}}
*{box-sizing:border-box}
body{margin:0 auto;padding:32px 24px 64px;max-width:1040px;background:var(--paper);color:var(--ink)}
body{font:15px/1.6 Vazirmatn,"DejaVu Sans",system-ui,sans-serif}
h1{font-size:26px;margin:0 0 4px}h2{font-size:18px;margin:40px 0 2px}
p{margin:0 0 12px;color:var(--soft)}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}
th,td{padding:4px 10px;border-bottom:1px solid var(--line);text-align:start;vertical-align:middle}
th{color:var(--soft);font-weight:600;vertical-align:bottom}
.number{text-align:right}td.number{direction:ltr}
svg{display:block}svg.chart{max-width:100%;height:auto;margin:8px 0 16px}
[dir=rtl] svg.bar{transform:scaleX(-1)}
.ground{fill:var(--line)}.fill,.dot,.part0{fill:var(--accent)}.part1{fill:var(--warm)}.part2{fill:var(--line)}.dot{fill-opacity:.65}
.line{stroke:var(--ink);stroke-width:1.5;fill:none}.grid{stroke:var(--line);fill:none}
svg text{fill:var(--soft);font-size:11px}svg .end{text-anchor:end}
.note{border-inline-start:3px solid var(--warm);padding-inline-start:12px;color:var(--ink)}
@media print{:root{--paper:#fff;--ink:#000;--soft:#444;--line:#ccc;--accent:#2f5d8a;--warm:#b0630a}
body{padding:0;max-width:none;font-size:11px}h2,h2+p{break-after:avoid}tr,svg{break-inside:avoid}thead{display:table-header-group}
@page{margin:16mm}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""


def page(report: Report) -> str:
    """Return the report as a web page."""
    direction = "rtl" if is_right_to_left() else "ltr"
    title = _("Report on {project}").format(project=report.project)
    facts = _("Schema {schema}; made on {day} by Annotator {version}.").format(
        schema=f"<bdi>{escape(report.schema)}</bdi>",
        day=f"<bdi>{report.made:%Y-%m-%d %H:%M}</bdi>",
        version=f"<bdi>{__version__}</bdi>",
    )
    notes = [note for note in (report.alone, *report.notes) if note]
    body = [
        f"<h1><bdi>{escape(title)}</bdi></h1>",
        f"<p>{facts}</p>",
        *(f'<p class="note">{escape(note)}</p>' for note in notes),
    ]
    body += [_section(report, sheet) for sheet in sheets(report)]
    head = (
        '<meta charset="utf-8"><meta name="viewport"'
        f' content="width=device-width"><title>{escape(title)}</title><style>{STYLE}</style>'
    )
    policy = (
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src'
        " 'unsafe-inline'\">"
    )
    return (
        f'<!DOCTYPE html><html lang="{language()}"'
        f' dir="{direction}"><head>{policy}{head}</head><body>{"".join(body)}</body></html>\n'
    )


def _section(report: Report, sheet: Sheet) -> str:
    head = (
        f'<section id="{sheet.id}"><h2><bdi>{escape(sheet.title)}</bdi></h2>'
        f"<p><bdi>{escape(sheet.about)}</bdi></p>"
    )
    parts = [head]
    parts.append(_chart(report, sheet.id))
    drawn = {"labels": _label_bars, "agreement": _stage_bars, "work": _work_bars}.get(sheet.id)
    bars = drawn(report, sheet) if drawn else []
    shown = sheet.rows[:MOST_ROWS]
    rows = [
        f"<tr>{''.join(map(_cell, row))}{f'<td>{bars[number]}</td>' if bars else ''}</tr>"
        for number, row in enumerate(shown)
    ]
    headings = "".join(map(_heading, sheet.headings, sheet.numeric)) + ("<th></th>" if bars else "")
    parts.append(
        f'<div class="wide"><table><thead><tr>{headings}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
    left = len(sheet.rows) - len(shown)
    if left:
        more = ngettext(
            "{count} more row is in the CSV files.", "{count} more rows are in the CSV files.", left
        )
        parts.append(f"<p>{more.format(count=left)}</p>")
    return "".join(parts) + "</section>"


def _heading(text: str, is_number: bool) -> str:
    return f'<th scope="col"{" class=number" if is_number else ""}><bdi>{escape(text)}</bdi></th>'


def _cell(cell: Cell) -> str:
    ground = ""
    if cell.share is not None:
        ground = f' style="background:rgba(70,120,170,{cell.share * 0.45:.2f})"'
    if cell.is_number:
        return f'<td class="number"{ground}>{cell.text}</td>'
    return f"<td{ground}><bdi>{escape(cell.text)}</bdi></td>"


def _chart(report: Report, name: str) -> str:
    if name == "time":
        values = [
            (moment.start, moment.value) for moment in report.moments if moment.value is not None
        ]
        return charts.over_time(values) if len(values) > 1 else ""
    if name == "documents":
        dots = [
            charts.Dot(line.spans, line.value, f"{line.name}: {line.value:.3f}")
            for line in report.documents
            if line.value is not None
        ]
        return charts.scatter(dots, _("spans")) if len(dots) > 1 else ""
    return ""


def _label_bars(report: Report, _sheet: Sheet) -> list[str]:
    return [charts.bar(value.value, *(value.ci95 or (None, None))) for value in report.labels]


def _stage_bars(report: Report, _sheet: Sheet) -> list[str]:
    return [charts.bar(value.value, *(value.ci95 or (None, None))) for value in report.whole]


def _work_bars(report: Report, _sheet: Sheet) -> list[str]:
    return [charts.stacked((each.done, each.open, each.new)) for each in report.work]
