#include "plot.h"

#include <algorithm>

#include "common/svg.h"

namespace gemini::bench {
namespace {

constexpr double kLeft = 190;
constexpr double kPanelWidth = 270;
constexpr double kPanelGap = 45;
constexpr double kTop = 60;
constexpr double kRowHeight = 40;
constexpr double kBelow = 90;

struct Kind {
  const char *name;
  const char *colour;
  double radius;
  Delays Row::*delays;
};

/// In the order they are drawn. Two and two are often at the same place: the later one leaves a ring of the
/// other.
constexpr Kind kKinds[] = {
    {"handed out by the player", "#3a6ea8", 7, &Row::out},
    {"its PTS", "#8fb3d9", 4, &Row::stamp},
    {"at the sink's clock", "#e8a33d", 8, &Row::due},
    {"heard at the monitor", "#c8381c", 5, &Row::heard},
};

/// A round number that is not below the longest delay: all panels have the same scale.
double limit (const std::vector<Table> &tables)
{
  double longest = 0;
  for (const auto &table : tables)
    for (const auto &row : table.rows)
      for (const auto &kind : kKinds)
        longest = std::max (longest, (row.*kind.delays).median ());
  for (const double round : {100, 200, 300, 400, 600, 800, 1000, 1500, 2000})
    if (longest * 1.15 <= round)
      return round;
  return longest;
}

void draw (Svg &svg, const Table &table, double right, double left, double bottom)
{
  auto x = [&] (double delay) { return left + kPanelWidth * std::max (0.0, delay) / right; };
  svg.text (left, kTop - 22, "bold", table.title);
  for (double tick = 0; tick <= right; tick += right / 4) {
    svg.line (x (tick), kTop - 8, x (tick), bottom, "#e4e4e4");
    svg.text (x (tick), bottom + 18, "middle", Svg::number (tick));
  }
  double y = kTop + kRowHeight / 2 - 8;
  for (const auto &row : table.rows) {
    const double end = row.heard.median ();
    svg.line (x (0), y, x (end), y, row.pipeline ? "#f0d0c8" : "#d8d8d8", 8);
    svg.line (x (row.heard.least ()), y, x (row.heard.most ()), y, "#c8381c");
    for (const auto &kind : kKinds)
      if (const auto &delays = row.*kind.delays; !delays.ms.empty ())
        svg.dot (x (delays.median ()), y, kind.radius, kind.colour);
    svg.text (x (end) + 12, y + 4, "start", Svg::number (static_cast<int> (end + 0.5)) + " ms");
    y += kRowHeight;
  }
}

}  // namespace

std::string plot (const std::vector<Table> &tables)
{
  const auto panels = static_cast<double> (tables.size ());
  const auto rows = static_cast<double> (tables.front ().rows.size ());
  const double bottom = kTop + rows * kRowHeight - 4;
  Svg svg (kLeft + panels * (kPanelWidth + kPanelGap) + 20, bottom + kBelow);

  double y = kTop + kRowHeight / 2 - 4;
  for (const auto &row : tables.front ().rows) {
    svg.text (kLeft - 14, y, row.pipeline ? "end bold" : "end", row.player);
    y += kRowHeight;
  }
  double left = kLeft;
  const double right = limit (tables);
  for (const auto &table : tables) {
    draw (svg, table, right, left, bottom);
    left += kPanelWidth + kPanelGap;
  }
  double x = kLeft;
  svg.text (kLeft, bottom + 40, "start",
            "ms after the first chunk was sent; medians, and from least to most for what was heard");
  for (const auto &kind : kKinds) {
    svg.dot (x, bottom + 68, kind.radius, kind.colour);
    svg.text (x + 12, bottom + 72, "start", kind.name);
    x += 190;
  }
  return svg.take ();
}

}  // namespace gemini::bench
