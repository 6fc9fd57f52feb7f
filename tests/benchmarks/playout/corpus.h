#pragma once

#include "trace.h"

namespace gemini::bench {

/// Sessions over many kinds of connection, the same ones each time and on each machine.
///
/// A server sends a turn's chunks `pace` times as fast as they are played, and a link brings them, in order:
/// nothing is lost, for below is TCP. The next turn begins some seconds after this one can have been heard.
std::vector<Trace> corpus ();

}  // namespace gemini::bench
