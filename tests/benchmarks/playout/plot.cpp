#include "plot.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "common/svg.h"

namespace gemini::bench {
namespace {

constexpr double kWidth = 1040;
constexpr double kHeight = 460;
constexpr double kTop = 60;
constexpr double kBottom = 400;
constexpr double kPanelWidth = 390;
constexpr double kLineHeight = 14;
constexpr double kLetterWidth = 7;

struct Dot {
  std::string name;
  double delay;
  double badness;
};

/// A scale that goes through 0 and still tells small values apart.
double by_root (double value) { return std::sqrt (value); }
double as_it_is (double value) { return value; }

class Panel {
 public:
  Panel (Svg &svg, double left, std::vector<Dot> dots, double (*scale) (double), std::vector<double> ticks)
      : svg_ (svg), left_ (left), dots_ (std::move (dots)), scale_ (scale), ticks_ (std::move (ticks))
  {
    std::sort (dots_.begin (), dots_.end (),
               [] (const Dot &a, const Dot &b) { return a.badness > b.badness; });
  }

  void draw (const std::string &title)
  {
    svg_.text (left_, kTop - 22, "bold", title);
    for (const auto tick : ticks_) {
      svg_.line (left_, y (tick), left_ + kPanelWidth, y (tick), "#e4e4e4");
      svg_.text (left_ - 6, y (tick) + 4, "end", Svg::number (tick));
    }
    for (double delay = 0; delay <= 500; delay += 100) {
      svg_.line (x (delay), kTop, x (delay), kBottom, "#f0f0f0");
      svg_.text (x (delay), kBottom + 18, "middle", Svg::number (delay));
    }
    svg_.text (left_ + kPanelWidth / 2, kBottom + 38, "middle", "mean start delay, ms");
    front ();
    labels ();
  }

 private:
  double y (double value) const
  {
    return kBottom - (kBottom - kTop) * scale_ (value) / scale_ (ticks_.back ());
  }
  double x (double delay) const { return left_ + kPanelWidth * delay / 560; }

  void front ()
  {
    svg_.out () << "<polyline fill='none' stroke='#9ab8dc' stroke-width='2' points='";
    auto by_delay = dots_;
    std::sort (by_delay.begin (), by_delay.end (),
               [] (const Dot &a, const Dot &b) { return a.delay < b.delay; });
    auto least = std::numeric_limits<double>::max ();
    for (const auto &dot : by_delay)
      if (dot.name != "oracle" && dot.badness < least) {
        least = dot.badness;
        svg_.out () << x (dot.delay) << "," << y (dot.badness) << " ";
      }
    svg_.out () << "'/>\n";
  }

  /// Beside their dots, and where those are crowded below each other.
  void labels ()
  {
    struct Label {
      double left;
      double right;
      double base;
    };
    std::vector<Label> placed;
    for (const auto &dot : dots_) {
      const double left = x (dot.delay) + 12;
      Label label{left, left + kLetterWidth * static_cast<double> (dot.name.size ()), y (dot.badness) + 4};
      for (const auto &other : placed)
        if (other.left < label.right && label.left < other.right)
          label.base = std::max (label.base, other.base + kLineHeight);
      placed.push_back (label);
      const bool ours = dot.name.starts_with ("adaptive");
      svg_.line (x (dot.delay), y (dot.badness), label.left - 2, label.base - 4, "#b0b0b0");
      svg_.dot (x (dot.delay), y (dot.badness), ours ? 6 : 4, ours ? "#c8381c" : "#3a6ea8");
      svg_.text (label.left, label.base, ours ? "bold" : "start", dot.name);
    }
  }

  Svg &svg_;
  double left_;
  std::vector<Dot> dots_;
  double (*scale_) (double);
  std::vector<double> ticks_;
};

}  // namespace

std::string plot (const Table &table)
{
  std::vector<Dot> underruns;
  std::vector<Dot> silence;
  for (const auto &[policy, fixed, figures] : table.rows) {
    underruns.push_back ({policy, figures.mean_delay, figures.underruns});
    silence.push_back ({policy, figures.mean_delay, figures.silence});
  }
  Svg svg (kWidth, kHeight);
  Panel (svg, 50, underruns, by_root, {0, 0.5, 1, 2, 4, 8, 12}).draw ("underruns a minute of speech");
  Panel (svg, 560, silence, as_it_is, {0, 0.5, 1, 1.5})
      .draw ("silence inside turns, seconds a minute of speech");
  return svg.take ();
}

}  // namespace gemini::bench
