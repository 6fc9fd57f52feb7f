// How a host has texts read aloud over HTTP.
#include "stand-in/http/host.h"

namespace gemini::stand_in {

Options Host::take_script ()
{
  if (house_.scripts.empty ())
    return house_.options;
  const Options script = std::move (house_.scripts.front ());
  house_.scripts.pop_front ();
  const size_t number = house_.log.read ([] (const Record &record) { return record.readings.size (); });
  for (Fault fault : script.faults) {
    fault.times = 1;
    fault.turn = number;
    house_.faults.add (fault);
  }
  return script;
}

void Host::read_aloud (SoupServerMessage *message, const Request &request, const Options &options)
{
  if (request.method != "POST")
    return respond (message, request, usual_error (404), options.tts);
  if (const auto error = refuse_caller (request.credential, request.route.vertex, options.rules))
    return respond (message, request, *error, options.tts);
  auto asked = read_tts_request (request.route, request.body, options.rules);
  if (const auto *error = std::get_if<HttpError> (&asked))
    return respond (message, request, *error, options.tts);

  auto &wish = std::get<TtsRequest> (asked);
  size_t number = 0;
  house_.log.write ([&] (Record &record) {
    number = record.readings.size ();
    record.requests.back ().status = 200;
    record.readings.push_back ({.request = record.requests.size () - 1,
                                .model = wish.model,
                                .streaming = wish.streaming,
                                .text = wish.text,
                                .voice_name = wish.voice_name,
                                .language = wish.language});
  });
  const bool gzip = options.tts.gzip && request.header ("accept-encoding").find ("gzip") != std::string::npos;
  readings_.push_back (std::make_unique<TtsAnswer> (
      house_, TtsAnswer::Job{number, options, std::move (wish), form_of (request), gzip},
      GObjectPtr<SoupServerMessage> (static_cast<SoupServerMessage *> (g_object_ref (message))),
      [this] { reaper_.start_in (0); }));
}

TtsAnswer *Host::find_reading (size_t number) const
{
  for (const auto &reading : readings_)
    if (reading->number () == number || (number == SIZE_MAX && reading == readings_.back ()))
      return reading.get ();
  return nullptr;
}

}  // namespace gemini::stand_in
