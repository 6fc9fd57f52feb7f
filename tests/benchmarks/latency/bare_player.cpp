#include "bare_client.h"
#include "player.h"

namespace gemini::bench {

Player bare_player (const std::string &name, Pulse &pulse, size_t chunks, size_t frames)
{
  return {name, false, [&pulse, chunks, frames] (const std::string &uri) {
            Speaker speaker (pulse);
            BareClient client (uri);
            client.wait_for (chunks, frames);
            Passed passed;
            passed.out = now ();
            while (!client.is_over ()) {
              auto block = client.take (Speaker::kBlock);
              block.resize (Speaker::kBlock);
              speaker.write (block);
            }
            speaker.drain ();
            passed.error = client.error ();
            return passed;
          }};
}

}  // namespace gemini::bench
