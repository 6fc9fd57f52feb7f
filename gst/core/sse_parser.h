#pragma once

#include <string>
#include <string_view>

namespace gemini {

/// Takes the data out of server-sent events, as the bytes come: any line ends, cut anywhere.
///
/// Nothing is collected but the name of a field: the data of an event is passed on in pieces, however long
/// its line is, so every byte is looked at once. JSON that comes without any `data:`, as errors do, is passed
/// on as it is. Knows nothing of what the data mean. Pure.
///
/// https://html.spec.whatwg.org/multipage/server-sent-events.html, without `event`, `id` and `retry`.
class SseParser {
 public:
  class Sink {
   public:
    virtual void on_data (std::string_view piece) = 0;
    /// All data of an event has come.
    virtual void on_event_end () = 0;

   protected:
    ~Sink () = default;
  };

  explicit SseParser (Sink &sink) : sink_ (sink) {}

  void feed (std::string_view bytes);
  /// The body is over; what it holds of an event counts, also without the empty line behind it.
  void finish ();

 private:
  enum class At { ByteOrderMark, LineStart, Name, ValueStart, Data, Skipped, PlainJson };

  void take (std::string_view &bytes);
  void line_start (std::string_view &bytes);
  void name (std::string_view &bytes);
  void value (std::string_view &bytes);
  void end_line (char end);
  void end_event ();

  Sink &sink_;
  At at_ = At::ByteOrderMark;
  std::string name_;              ///< of the field, or what there is of a byte order mark
  bool swallow_newline_ = false;  ///< of a CRLF
  bool has_data_ = false;
};

}  // namespace gemini
