#pragma once

#include <iomanip>
#include <sstream>
#include <string>

namespace gemini::bench {

/// A picture as it is put together. Texts are of a kind: `start`, `middle` and `end` say where they are held,
/// `bold` stands out.
class Svg {
 public:
  Svg (double width, double height)
  {
    out_ << std::fixed << std::setprecision (1) << "<svg xmlns='http://www.w3.org/2000/svg' width='" << width
         << "' height='" << height << "' viewBox='0 0 " << width << " " << height
         << "' font-family='sans-serif' font-size='12'>\n"
            "<style>text{paint-order:stroke;stroke:white;stroke-width:3px}.end{text-anchor:end}.middle{text-"
            "anchor:middle}.bold{font-weight:bold}</style>\n"
            "<rect width='100%' height='100%' fill='white'/>\n";
  }

  void line (double x1, double y1, double x2, double y2, const char *colour, double thickness = 1)
  {
    out_ << "<line x1='" << x1 << "' y1='" << y1 << "' x2='" << x2 << "' y2='" << y2 << "' stroke='" << colour
         << "'";
    if (thickness != 1)
      out_ << " stroke-width='" << thickness << "'";
    out_ << "/>\n";
  }
  void text (double x, double y, const char *kind, const std::string &words)
  {
    out_ << "<text x='" << x << "' y='" << y << "' class='" << kind << "'>" << words << "</text>\n";
  }
  void dot (double x, double y, double radius, const char *colour)
  {
    out_ << "<circle cx='" << x << "' cy='" << y << "' r='" << radius << "' fill='" << colour << "'/>\n";
  }
  /// Anything else.
  std::ostream &out () { return out_; }

  std::string take ()
  {
    out_ << "</svg>\n";
    return out_.str ();
  }

  /// As short as it can be written.
  static std::string number (double value)
  {
    std::ostringstream text;
    text << value;
    return text.str ();
  }

 private:
  std::ostringstream out_;
};

}  // namespace gemini::bench
