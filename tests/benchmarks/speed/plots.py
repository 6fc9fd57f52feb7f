"""Draws what was measured, as SVG."""
import math

WIDTH, HEIGHT, LEFT, TOP, GAP, RIGHT = 300, 190, 190, 50, 100, 110
COLOURS = '#084594', '#4292c6', '#f16913'
PERCENTILES = 'p50', 'p95', 'p99'


class Picture:
    def __init__(self, width, height):
        self.parts = [f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' "
                      f"viewBox='0 0 {width} {height}' font-family='sans-serif' font-size='12'>",
                      '<style>.end{text-anchor:end}.middle{text-anchor:middle}.bold{font-weight:bold}'
                      '.small{font-size:11px;fill:#555}</style>',
                      "<rect width='100%' height='100%' fill='white'/>"]

    def text(self, x, y, words, kind=''):
        self.parts.append(f"<text x='{x:.1f}' y='{y:.1f}' class='{kind}'>{words}</text>")

    def bar(self, x, y, width, height, colour):
        self.parts.append(f"<rect x='{x:.1f}' y='{y:.1f}' width='{width:.1f}' height='{height:.1f}' fill='{colour}'/>")

    def dot(self, x, y, colour):
        self.parts.append(f"<circle cx='{x:.1f}' cy='{y:.1f}' r='4.5' fill='{colour}'/>")

    def line(self, points, colour, width=2):
        path = ' '.join(f'{x:.1f},{y:.1f}' for x, y in points)
        self.parts.append(f"<polyline points='{path}' fill='none' stroke='{colour}' stroke-width='{width}'/>")

    def legend(self, left, top, entries):
        for name, colour in entries:
            self.dot(left, top - 4, colour)
            self.text(left + 9, top, name, 'small')
            left += 24 + 7 * len(name)

    def take(self):
        return '\n'.join([*self.parts, '</svg>\n'])


def ticks(most):
    """Round numbers from 0 to the first that is not below it."""
    step = 10 ** math.floor(math.log10(most))
    step = next(step * part for part in (.2, .5, 1, 2) if most <= 5 * step * part)
    return [i * step for i in range(math.ceil(most / step - 1e-9) + 1)]


def number(value):
    return f'{value:g}'


def across(picture, left, top, names, places, unit):
    """The names of the rows, and below them an axis; places: values and where they are."""
    step = HEIGHT / max(1, len(names))
    for i, name in enumerate(names):
        picture.text(left + LEFT - 10, top + (i + .5) * step + 4, name, 'end')
    for value, x in places:
        picture.line([(left + LEFT + x, top), (left + LEFT + x, top + HEIGHT)], '#ddd', 1)
        picture.text(left + LEFT + x, top + HEIGHT + 15, number(value), 'middle small')
    picture.text(left + LEFT + WIDTH / 2, top + HEIGHT + 31, unit, 'middle small')
    return [top + (i + .5) * step for i in range(len(names))], step


def bars(picture, left, top, title, unit, rows):
    picture.text(left, top - 20, title, 'bold')
    marks = ticks(max(value for _, value in rows))
    lines, step = across(picture, left, top, [name for name, _ in rows],
                         [(mark, WIDTH * mark / marks[-1]) for mark in marks], unit)
    for y, (_, value) in zip(lines, rows):
        length = WIDTH * value / marks[-1]
        picture.bar(left + LEFT, y - step / 2 + 4, length, step - 8, COLOURS[1])
        picture.text(left + LEFT + length + 6, y + 4, f'{value:.2f}', 'small')


def percentiles(picture, left, top, title, unit, rows):
    """Over an axis of powers of ten. A row of one value is one mark."""
    picture.text(left, top - 20, title, 'bold')
    picture.legend(left + LEFT, top - 8, zip(PERCENTILES, COLOURS))
    every = [value for _, values in rows for value in values]
    low, high = math.floor(math.log10(min(every))), math.ceil(math.log10(max(every)))

    def place(value):
        return WIDTH * (math.log10(value) - low) / max(1, high - low)
    lines, _ = across(picture, left, top, [name for name, _ in rows],
                      [(10 ** power, place(10 ** power)) for power in range(low, high + 1)], unit)
    for y, (_, values) in zip(lines, rows):
        spots = [(left + LEFT + place(value), y) for value in values]
        picture.line([spots[0], spots[-1]], '#bbb', 2)
        for (x, _), colour in reversed(list(zip(spots, COLOURS))):
            picture.dot(x, y, colour)
        picture.text(left + LEFT + WIDTH + 12, y + 4, ' / '.join(f'{value:.0f}' for value in values), 'small')


def curves(picture, left, top, title, units, points, curves_):
    """Over evenly spaced points; units: across and up; curves_: name and values."""
    picture.text(left, top - 20, title, 'bold')
    picture.legend(left + LEFT, top - 8, [(name, colour) for (name, _), colour in zip(curves_, COLOURS)])
    across_unit, up_unit = units
    marks = ticks(max(max(values) for _, values in curves_) or 1)
    left, width = left + 90, WIDTH + 90
    picture.text(left - 45, top + HEIGHT / 2, up_unit, 'end small')
    for mark in marks:
        y = top + HEIGHT * (1 - mark / marks[-1])
        picture.line([(left, y), (left + width, y)], '#ddd', 1)
        picture.text(left - 6, y + 4, number(mark), 'end small')
    x = [left + i * width / max(1, len(points) - 1) for i in range(len(points))]
    for spot, point in zip(x, points):
        picture.text(spot, top + HEIGHT + 15, number(point), 'middle small')
    picture.text(left + width / 2, top + HEIGHT + 31, across_unit, 'middle small')
    for (_, values), colour in zip(curves_, COLOURS):
        line = [(spot, top + HEIGHT * (1 - value / marks[-1])) for spot, value in zip(x, values)]
        picture.line(line, colour)
        for spot, y in line:
            picture.dot(spot, y, colour)


def panels_of(data, names):
    for chunk in 240, 40:
        rows = [(names[key[1]], value['latency']) for key, value in data.items() if key[0] == f'real time {chunk}']
        if rows:
            yield percentiles, f'From sent to heard, chunks of {chunk} ms', 'µs', rows
    for kind, title in ('real time 240', 'real time, chunks of 240 ms'), ('real time 40', 'real time, chunks of 40 ms'), \
            ('burst', 'all at once'):
        rows = [(names[key[1]], value['cpu']) for key, value in data.items() if key[0] == kind]
        if rows:
            yield bars, f'Processor, {title}', 'ms a second of speech', rows
    if 'scale' in data:
        counts, late, cost, base = zip(*data['scale'])
        yield (curves, 'Many at once', ('conversations', 'CPU %'), counts,
               [('geminisrc', cost), ('audiotestsrc is-live=true', base)])
        yield curves, 'Many at once: lateness, p99', ('conversations', 'ms'), counts, [('geminisrc', late)]
    if ('growth', 'at once') in data:
        lengths, costs = zip(*data['growth', 'at once'])
        yield (curves, 'Growth: processor, all at once', ('seconds of speech', 'µs / s'), lengths,
               [('geminisrc is-live=false', costs)])


def draw(data, names):
    panels = list(panels_of(data, names))
    columns, column = 2, LEFT + WIDTH + RIGHT + 40
    lines = -(-len(panels) // columns)
    picture = Picture(columns * column, lines * (HEIGHT + GAP) + TOP / 2)
    for i, (how, *what) in enumerate(panels):
        how(picture, 20 + i % columns * column, TOP + i // columns * (HEIGHT + GAP), *what)
    return picture.take()
