#include "plot.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <limits>
#include <sstream>

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
  Panel (std::ostream &out, double left, std::vector<Dot> dots, double (*scale) (double),
         std::vector<double> ticks)
      : out_ (out), left_ (left), dots_ (std::move (dots)), scale_ (scale), ticks_ (std::move (ticks))
  {
    std::sort (dots_.begin (), dots_.end (),
               [] (const Dot &a, const Dot &b) { return a.badness > b.badness; });
  }

  void draw (const std::string &title)
  {
    text (left_, kTop - 22, "bold", title);
    for (const auto tick : ticks_) {
      line (left_, y (tick), left_ + kPanelWidth, y (tick), "#e4e4e4");
      text (left_ - 6, y (tick) + 4, "end", number (tick));
    }
    for (double delay = 0; delay <= 500; delay += 100) {
      line (x (delay), kTop, x (delay), kBottom, "#f0f0f0");
      text (x (delay), kBottom + 18, "middle", number (delay));
    }
    text (left_ + kPanelWidth / 2, kBottom + 38, "middle", "mean start delay, ms");
    front ();
    labels ();
  }

 private:
  static std::string number (double value)
  {
    std::ostringstream text;
    text << value;
    return text.str ();
  }

  double y (double value) const
  {
    return kBottom - (kBottom - kTop) * scale_ (value) / scale_ (ticks_.back ());
  }
  double x (double delay) const { return left_ + kPanelWidth * delay / 560; }

  void line (double x1, double y1, double x2, double y2, const char *colour)
  {
    out_ << "<line x1='" << x1 << "' y1='" << y1 << "' x2='" << x2 << "' y2='" << y2 << "' stroke='" << colour
         << "'/>\n";
  }

  void text (double at_x, double at_y, const char *kind, const std::string &words)
  {
    out_ << "<text x='" << at_x << "' y='" << at_y << "' class='" << kind << "'>" << words << "</text>\n";
  }

  void front ()
  {
    out_ << "<polyline fill='none' stroke='#9ab8dc' stroke-width='2' points='";
    auto by_delay = dots_;
    std::sort (by_delay.begin (), by_delay.end (),
               [] (const Dot &a, const Dot &b) { return a.delay < b.delay; });
    auto least = std::numeric_limits<double>::max ();
    for (const auto &dot : by_delay)
      if (dot.name != "oracle" && dot.badness < least) {
        least = dot.badness;
        out_ << x (dot.delay) << "," << y (dot.badness) << " ";
      }
    out_ << "'/>\n";
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
      line (x (dot.delay), y (dot.badness), label.left - 2, label.base - 4, "#b0b0b0");
      out_ << "<circle cx='" << x (dot.delay) << "' cy='" << y (dot.badness) << "' r='" << (ours ? 6 : 4)
           << "' fill='" << (ours ? "#c8381c" : "#3a6ea8") << "'/>\n";
      text (label.left, label.base, ours ? "bold" : "start", dot.name);
    }
  }

  std::ostream &out_;
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
  std::ostringstream out;
  out << std::fixed << std::setprecision (1) << "<svg xmlns='http://www.w3.org/2000/svg' width='" << kWidth
      << "' height='" << kHeight << "' viewBox='0 0 " << kWidth << " " << kHeight
      << "' font-family='sans-serif' font-size='12'>\n"
         "<style>text{paint-order:stroke;stroke:white;stroke-width:3px}.end{text-anchor:end}.middle{text-"
         "anchor:middle}.bold{font-weight:bold}</style>\n"
         "<rect width='100%' height='100%' fill='white'/>\n";
  Panel (out, 50, underruns, by_root, {0, 0.5, 1, 2, 4, 8, 12}).draw ("underruns a minute of speech");
  Panel (out, 560, silence, as_it_is, {0, 0.5, 1, 1.5})
      .draw ("silence inside turns, seconds a minute of speech");
  out << "</svg>\n";
  return out.str ();
}

}  // namespace gemini::bench
