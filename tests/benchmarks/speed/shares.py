"""Where the instructions of a burst go."""

KINDS = {  # of instructions: by the functions that are the way into each
    'JSON': ('json_parser_load_from_data ', 'gemini::parse_server_message('),
    'base64': ('g_base64_decode ', 'gemini::base64_decode('),
    'queue and pad': ('gemini::AudioQueue::push(', 'gemini::GeminiSrc::create(', 'gst_pad_push '),
}
# TLS: by library, for it calls back into GIO, which reads the socket.
TLS = 'libgnutls.so', 'libgiognutls.so', 'libnettle.so', 'libhogweed.so', 'libgcrypt.so'


def of_kind(instructions, marks):
    """The first of a kind has all of it: what is called by another of them comes behind."""
    names = {}
    for name, number in instructions:
        mark = next((mark for mark in marks if mark in name.split(':', 1)[-1] + ' '), None)
        if mark:
            names.setdefault(mark, number)
    if 'gemini::parse_server_message(' in names:
        names.pop('json_parser_load_from_data ', None)
    return sum(names.values())


def counts(instructions):
    """All, each kind, and TLS."""
    inclusive, own = instructions
    return [of_kind(inclusive, marks) for marks in (('PROGRAM TOTALS',), *KINDS.values())] + [
        sum(number for name, number in own if any(library in name for library in TLS))]


def table(bench, names):
    short, long = (2, 4) if bench.quick else (60, 180)
    clients = ['raw', 'soup', 'bare', 'element']
    if bench.secure():
        clients += [(name, 'TLS') for name in clients[1:]]
    rows = []
    for client in clients:
        before, after = (counts(bench.instructions(client, f'say 240 0 {1000 * seconds}')) for seconds in (short, long))
        total, *kinds = ((b - a) / (long - short) / 1000 for a, b in zip(before, after))
        rows.append((names(client), f'{total:.0f}', *(f'{value:.0f}' for value in kinds), f'{total - sum(kinds):.0f}'))
    return ('', 'all', *KINDS, 'TLS', 'the rest'), rows
