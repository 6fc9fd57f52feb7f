#include "corpus.h"

#include <algorithm>
#include <optional>

#include "link.h"

namespace gemini::bench {
namespace {

using Chunking = std::vector<uint64_t>;

/// Frames per chunk of one answer as it was logged; longer ones repeat it.
const Chunking kLogged = {4800, 5760, 5760, 5760, 5760, 5760, 5760, 5760, 5760, 960,  4800, 4800,
                          5760, 5760, 5760, 4800, 4800, 4800, 5760, 5760, 5760, 5760, 960,  4800};
const Chunking kChunkings[] = {kLogged, {960}, {4800, 5760, 4800, 5760, 5760}, {6336}};
constexpr double kPaces[] = {1, 1.5, 4};
constexpr unsigned kTurns = 12;
/// From pairs of bytes to base64 within JSON.
constexpr double kBytesPerFrame = 2 * 4 / 3.0;
constexpr unsigned kBytesAround = 200;

nanoseconds from_seconds (double time) { return nanoseconds (static_cast<int64_t> (time * 1e9)); }

/// One stall of the server, after which it goes on as if time had stood still.
struct Stall {
  size_t after;  ///< so many chunks
  double length;
};

/// Makes one session, turn by turn.
class Session {
 public:
  Session (std::string family, Dice &dice, Chunking chunking, double pace, Link link)
      : trace_{std::move (family), {}},
        dice_ (dice),
        chunking_ (std::move (chunking)),
        pace_ (pace),
        link_ (std::move (link))
  {
  }

  void turn (double seconds, std::optional<Stall> stall = {})
  {
    auto &turn = trace_.turns.emplace_back ();
    const auto frames = static_cast<uint64_t> (seconds * kRate);
    double stalled = 0;
    for (uint64_t before = 0, index = 0; before < frames; ++index) {
      const auto chunk = std::min (chunking_[index % chunking_.size ()], frames - before);
      if (stall && index == stall->after)
        stalled = stall->length;
      const double sent = now_ + static_cast<double> (before) / kRate / pace_ + stalled;
      const auto bytes = static_cast<unsigned> (static_cast<double> (chunk) * kBytesPerFrame) + kBytesAround;
      last_ = std::max (last_, link_ (sent, bytes));
      turn.push_back ({from_seconds (last_), chunk});
      before += chunk;
    }
    // From when the last chunk is there it can be heard without a pause.
    now_ = last_ + seconds + dice_.uniform (1, 3);
  }

  Trace take () { return std::move (trace_); }

 private:
  Trace trace_;
  Dice &dice_;
  Chunking chunking_;
  double pace_;
  Link link_;
  double now_ = 1;
  double last_ = 0;
};

class Corpus {
 public:
  std::vector<Trace> make ()
  {
    for (const double pace : {0.8, 1.0, 1.5, 2.5, 4.0, 20.0})
      for (int i = 0; i < 5; ++i)
        add ("steady", kLogged, pace, uniform_jitter (dice_, 0.004));
    everywhere ("uniform jitter", {0.03, 0.1, 0.3},
                [this] (double most) { return uniform_jitter (dice_, most); });
    everywhere ("Pareto jitter", {2.5, 1.8, 1.3},
                [this] (double shape) { return pareto_jitter (dice_, 0.02, shape, 2); });
    everywhere ("loss, TCP", {0.005, 0.02, 0.06}, [this] (double bad) {
      const auto round_trip = dice_.uniform (0.02, 0.15);
      return lossy (dice_, round_trip, bad);
    });
    everywhere ("Wi-Fi", {1, 2, 3}, [this] (double) { return wifi (dice_); });
    everywhere ("mobile", {1, 2, 3}, [this] (double) { return mobile (dice_); });
    stalls ();
    short_answers ();
    return std::move (traces_);
  }

 private:
  template <typename MakeLink>
  void everywhere (const char *family, std::initializer_list<double> levels, MakeLink make_link)
  {
    for (const auto level : levels)
      for (const auto &chunking : kChunkings)
        for (const auto pace : kPaces)
          add (family, chunking, pace, make_link (level));
  }

  void add (const char *family, const Chunking &chunking, double pace, Link link, double shortest = 1,
            double longest = 12, unsigned turns = kTurns)
  {
    Session session (family, dice_, chunking, pace, std::move (link));
    for (unsigned i = 0; i < turns; ++i)
      session.turn (dice_.uniform (shortest, longest));
    traces_.push_back (session.take ());
  }

  /// At real time, in one turn of six: before each of its chunks once.
  void stalls ()
  {
    constexpr double kSeconds = 5;
    for (const double length : {0.3, 0.6, 1.0, 2.0, 3.0})
      for (size_t after = 1; after < kLogged.size (); ++after) {
        Session session ("one stall", dice_, kLogged, 1, uniform_jitter (dice_, 0.004));
        const auto stalled = static_cast<unsigned> (after % 6);
        for (unsigned i = 0; i < 6; ++i)
          session.turn (kSeconds, i == stalled ? std::optional (Stall{after, length}) : std::nullopt);
        traces_.push_back (session.take ());
      }
  }

  void short_answers ()
  {
    for (const auto &chunking : kChunkings)
      for (const auto pace : kPaces) {
        add ("short answers", chunking, pace, uniform_jitter (dice_, 0.06), 0.1, 1, 2 * kTurns);
        add ("short answers", chunking, pace, wifi (dice_), 0.1, 1, 2 * kTurns);
        add ("short answers", chunking, pace, mobile (dice_), 0.1, 1, 2 * kTurns);
      }
  }

  Dice dice_{20240607};
  std::vector<Trace> traces_;
};

}  // namespace

std::vector<Trace> corpus () { return Corpus ().make (); }

}  // namespace gemini::bench
