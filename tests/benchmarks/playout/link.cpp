#include "link.h"

#include <algorithm>
#include <cmath>
#include <memory>

namespace gemini::bench {
namespace {

/// What a chunk is in, with the headers of IP and TCP left out.
constexpr unsigned kPacketBytes = 1400;

/// Times at which nothing gets through, one after the other; asked in order of time.
class Outages {
 public:
  Outages (Dice &dice, double every, double shortest, double longest)
      : dice_ (dice), every_ (every), shortest_ (shortest), longest_ (longest)
  {
    next ();
  }

  /// When what is there at that time gets through.
  double pass (double time)
  {
    while (time >= end_)
      next ();
    return time >= begin_ ? end_ : time;
  }
  bool covers (double time) { return pass (time) > time; }

 private:
  void next ()
  {
    begin_ = end_ + dice_.exponential (every_);
    end_ = begin_ + dice_.uniform (shortest_, longest_);
  }

  Dice &dice_;
  double every_;
  double shortest_;
  double longest_;
  double begin_ = 0;
  double end_ = 0;
};

}  // namespace

double Dice::uniform (double low, double high)
{
  return low + (high - low) * static_cast<double> (engine_ () >> 11) * 0x1p-53;
}

double Dice::exponential (double mean) { return -mean * std::log (1 - uniform ()); }

double Dice::pareto (double scale, double shape)
{
  return scale * (std::pow (1 - uniform (), -1 / shape) - 1);
}

Link uniform_jitter (Dice &dice, double most)
{
  return [&dice, most] (double sent, unsigned) { return sent + dice.uniform (0, most); };
}

Link pareto_jitter (Dice &dice, double scale, double shape, double most)
{
  return [=, &dice] (double sent, unsigned) { return sent + std::min (dice.pareto (scale, shape), most); };
}

Link lossy (Dice &dice, double round_trip, double bad_share)
{
  constexpr double kLeaveBad = 0.15;
  const double enter_bad = kLeaveBad * bad_share / (1 - bad_share);
  auto bad = std::make_shared<bool> (false);
  return [=, &dice] (double sent, unsigned bytes) {
    double latest = sent;
    const auto packets = (bytes + kPacketBytes - 1) / kPacketBytes;
    const auto lost = [&] {
      *bad = *bad ? !dice.chance (kLeaveBad) : dice.chance (enter_bad);
      return dice.chance (*bad ? 0.3 : 0.0005);
    };
    for (unsigned i = 0; i < packets; ++i) {
      double at = sent;
      double timeout = std::max (0.2, 2 * round_trip);
      for (bool again = false; lost (); again = true) {
        const bool noticed = !again && i + 3 < packets;
        at += noticed ? round_trip : timeout;
        timeout *= noticed ? 1 : 2;
      }
      latest = std::max (latest, at);
    }
    return latest + dice.exponential (0.002);
  };
}

Link wifi (Dice &dice)
{
  auto busy = std::make_shared<Outages> (dice, 2, 0.02, 0.15);
  auto scan = std::make_shared<Outages> (dice, 25, 0.1, 0.35);
  return [=, &dice] (double sent, unsigned) {
    return scan->pass (busy->pass (sent + dice.exponential (0.003)));
  };
}

Link mobile (Dice &dice)
{
  auto handover = std::make_shared<Outages> (dice, 25, 0.1, 0.6);
  auto fade = std::make_shared<Outages> (dice, 20, 1, 4);
  auto free = std::make_shared<double> (0);
  return [=, &dice] (double sent, unsigned bytes) {
    auto begin = std::max (sent + dice.exponential (0.012), *free);
    const double bytes_per_second = fade->covers (begin) ? dice.uniform (40e3, 75e3) : 1e6;
    *free = handover->pass (begin + bytes / bytes_per_second);
    return std::ceil (*free * 100) / 100;
  };
}

}  // namespace gemini::bench
