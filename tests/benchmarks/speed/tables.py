"""Prints what was measured."""
import sys


class Tables:
    """In columns for who looks on, or as Markdown, as docs/performance.md has them."""

    def __init__(self, markdown):
        self.markdown = markdown

    def say(self, words):
        print(words)
        sys.stdout.flush()

    def show(self, title, header, rows):
        rows = [[str(cell) for cell in row] for row in rows]
        print(f'\n{title}:\n')
        if self.markdown:
            self.rows([header, ['---'] + ['---:'] * (len(header) - 1)])
            self.rows([f'**{row[0]}**' if row[0].startswith('geminisrc') else row[0], *row[1:]] for row in rows)
        else:
            widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
            for row in [header, *rows]:
                print('  '.join(cell.ljust(width) if i == 0 else cell.rjust(width)
                                for i, (cell, width) in enumerate(zip(row, widths))))
        sys.stdout.flush()

    @staticmethod
    def rows(rows):
        for row in rows:
            if row[1].startswith('---'):
                print(f"|{'|'.join(row)}|")
            else:
                print(f"| {' | '.join(row)} |")
