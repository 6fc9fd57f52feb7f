"""Draws what was measured, as SVG."""

WIDTH, HEIGHT, LEFT, TOP, GAP = 300, 190, 190, 40, 70
COLOURS = ('#9ecae1', '#4292c6', '#084594')


class Picture:
    def __init__(self, width, height):
        self.parts = [f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' "
                      f"viewBox='0 0 {width} {height}' font-family='sans-serif' font-size='12'>",
                      '<style>.end{text-anchor:end}.middle{text-anchor:middle}.bold{font-weight:bold}</style>',
                      "<rect width='100%' height='100%' fill='white'/>"]

    def text(self, x, y, words, kind=''):
        self.parts.append(f"<text x='{x:.1f}' y='{y:.1f}' class='{kind}'>{words}</text>")

    def bar(self, x, y, width, height, colour):
        self.parts.append(f"<rect x='{x:.1f}' y='{y:.1f}' width='{width:.1f}' height='{height:.1f}' fill='{colour}'/>")

    def line(self, points, colour, width=2):
        path = ' '.join(f'{x:.1f},{y:.1f}' for x, y in points)
        self.parts.append(f"<polyline points='{path}' fill='none' stroke='{colour}' stroke-width='{width}'/>")

    def take(self):
        return '\n'.join([*self.parts, '</svg>\n'])


def bars(picture, left, top, title, rows, form):
    """rows: name and values, drawn over each other from the longest to the shortest."""
    picture.text(left, top - 14, title, 'bold')
    most = max((max(values) for _, values in rows), default=1)
    step = HEIGHT / max(1, len(rows))
    for i, (name, values) in enumerate(rows):
        y = top + i * step
        picture.text(left + LEFT - 10, y + step / 2 + 4, name, 'end')
        for value, colour in sorted(zip(values, COLOURS[-len(values):] if len(values) > 1 else COLOURS[1:2]), reverse=True):
            picture.bar(left + LEFT, y + 4, WIDTH * value / most, step - 8, colour)
        picture.text(left + LEFT + WIDTH * max(values) / most + 6, y + step / 2 + 4,
                     ' / '.join(format(value, form) for value in values))


def curves(picture, left, top, title, ticks, curves_):
    """Over evenly spaced ticks; curves_: name and values."""
    picture.text(left, top - 14, title, 'bold')
    most = max(max(values) for _, values in curves_) * 1.1 or 1
    left += 40
    x = [left + i * (WIDTH + 60) / max(1, len(ticks) - 1) for i in range(len(ticks))]
    picture.line([(left, top), (left, top + HEIGHT), (x[-1], top + HEIGHT)], '#888', 1)
    picture.text(left - 6, top + 10, f'{most:.0f}', 'end')
    for place, tick in zip(x, ticks):
        picture.text(place, top + HEIGHT + 16, tick, 'middle')
    for (name, values), colour in zip(curves_, COLOURS[::-1]):
        points = [(place, top + HEIGHT * (1 - value / most)) for place, value in zip(x, values)]
        picture.line(points, colour)
        picture.text(points[-1][0] + 6, points[-1][1] + 4, name)


def draw(data, names):
    panels = []
    for chunk in 240, 40:
        rows = [(names[key[1]], value['latency']) for key, value in data.items() if key[0] == f'real time {chunk}']
        if rows:
            panels.append((bars, f'{chunk} ms chunks: sent to audio, us: p50 / p95 / p99', rows, '.0f'))
    for kind, title in ('real time 240', 'real time, 240 ms'), ('real time 40', 'real time, 40 ms'), ('burst', 'at once'):
        rows = [(names[key[1]], (value['cpu'],)) for key, value in data.items() if key[0] == kind]
        if rows:
            panels.append((bars, f'Processor ms a second of speech, {title}', rows, '.2f'))
    if 'scale' in data:
        counts, late, cost, base = zip(*data['scale'])
        panels.append((curves, 'Conversations at once: processor, %', counts,
                       [('geminisrc', cost), ('audiotestsrc', base)]))
        panels.append((curves, 'Conversations at once: lateness, p99, ms', counts, [('geminisrc', late)]))
    if ('growth', 'at once') in data:
        lengths, costs = zip(*data['growth', 'at once'])
        panels.append((curves, 'us a second of speech, by length in s', lengths, [('at once', costs)]))
    columns = 2
    lines = -(-len(panels) // columns)
    picture = Picture(columns * (LEFT + WIDTH + 150), lines * (HEIGHT + GAP) + TOP)
    for i, (how, *what) in enumerate(panels):
        how(picture, 20 + i % columns * (LEFT + WIDTH + 150), TOP + i // columns * (HEIGHT + GAP), *what)
    return picture.take()
