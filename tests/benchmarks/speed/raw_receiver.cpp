// The floor: a blocking socket, and of a message nothing is looked at but the stamp.
#include "course.h"
#include "raw_socket.h"
#include "undecoded.h"

namespace gemini::bench {

void receive_raw (Course &course)
{
  Socket socket (course.plan ().uri);
  socket.open ();
  while (const auto message = socket.message ())
    if (look (course, *message)) {
      const auto text = course.next ();
      if (text.empty ())
        return;
      socket.ask (text);
    }
}

}  // namespace gemini::bench
