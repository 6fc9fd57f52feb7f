#include "core/media_type.h"

#include <string>

#include "support/check.h"

using gemini::AudioFormat;
using gemini::Error;

static void fail_unless_format (const char *media_type, AudioFormat expected)
{
  const auto parsed = gemini::parse_audio_format (media_type);
  const auto *format = std::get_if<AudioFormat> (&parsed);
  fail_unless (format != nullptr, "'%s' is refused", media_type);
  fail_unless (*format == expected, "'%s' is read as %u Hz", media_type, format->rate);
}

static Error refusal (std::string_view media_type)
{
  auto parsed = gemini::parse_audio_format (media_type);
  fail_unless (std::holds_alternative<Error> (parsed), "'%s' is accepted", std::string (media_type).c_str ());
  return std::get<Error> (parsed);
}

GST_START_TEST (every_form_that_gemini_sends_is_read)
{
  fail_unless_format ("audio/pcm", {.rate = 24000});
  fail_unless_format ("audio/pcm;rate=24000", {.rate = 24000});
  fail_unless_format ("audio/pcm;rate=16000", {.rate = 16000});
  fail_unless_format ("audio/L16;codec=pcm;rate=24000", {.rate = 24000});
  fail_unless_format ("audio/l16; rate=48000; channels=1", {.rate = 48000});
}
GST_END_TEST;

GST_START_TEST (every_name_of_wav_is_read)
{
  for (const char *media_type : {"audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave", "AUDIO/WAV"})
    fail_unless_format (media_type, {.rate = 24000});
  fail_unless_format ("audio/wav;rate=16000", {.rate = 16000});
}
GST_END_TEST;

GST_START_TEST (case_blanks_and_quotes_do_not_matter)
{
  fail_unless_format (" Audio/PCM ; Rate = 8000 ", {.rate = 8000});
  fail_unless_format ("AUDIO/L16;RATE=8000;CHANNELS=1", {.rate = 8000});
  fail_unless_format ("audio/pcm;\trate\t=\t\"8000\"", {.rate = 8000});
}
GST_END_TEST;

GST_START_TEST (unknown_and_empty_parameters_are_skipped)
{
  fail_unless_format ("audio/pcm;", {.rate = 24000});
  fail_unless_format ("audio/pcm;;;rate=8000;", {.rate = 8000});
  fail_unless_format ("audio/pcm;endianness=little;flag;rate=8000;bits=16", {.rate = 8000});
  fail_unless_format ("audio/pcm;bitrate=1;rate=8000;rates=2", {.rate = 8000});
}
GST_END_TEST;

GST_START_TEST (the_rates_at_the_limits_are_taken)
{
  fail_unless_format ("audio/pcm;rate=1", {.rate = 1});
  fail_unless_format ("audio/pcm;rate=768000", {.rate = 768000});
}
GST_END_TEST;

GST_START_TEST (a_rate_that_is_none_is_a_format_error)
{
  for (const char *rate : {"0", "768001", "4294967297", "99999999999999999999", "-24000", "+24000", "",
                           "\"\"", "\"", "24000.0", "24 000", "24000Hz", "0x10", "many"}) {
    const std::string media_type = std::string ("audio/pcm;rate=") + rate;
    const Error error = refusal (media_type);
    fail_unless (error.kind == Error::Kind::Format);
    fail_unless (error.message.find (media_type) != std::string::npos, "%s", error.message.c_str ());
    fail_unless (error.message.find ("the rate must be") != std::string::npos, "%s", error.message.c_str ());
  }
}
GST_END_TEST;

GST_START_TEST (anything_but_one_channel_is_a_format_error)
{
  for (const char *media_type : {"audio/pcm;channels=2", "audio/l16; rate=24000; channels=0",
                                 "audio/pcm;channels=x", "audio/pcm;channels="}) {
    const Error error = refusal (media_type);
    fail_unless (error.kind == Error::Kind::Format);
    fail_unless (error.message.find ("one channel") != std::string::npos, "%s", error.message.c_str ());
  }
}
GST_END_TEST;

GST_START_TEST (another_type_is_a_format_error_that_names_it)
{
  for (const char *media_type : {"audio/aac", "audio/mpeg;rate=24000", "audio/ogg;codecs=opus", "audio/pcma",
                                 "audio/L24", "audio/", "video/mp4", "pcm"}) {
    const Error error = refusal (media_type);
    fail_unless (error.kind == Error::Kind::Format);
    fail_unless (error.message.find (media_type) != std::string::npos, "%s", error.message.c_str ());
  }
  fail_unless (refusal ("").kind == Error::Kind::Format);
  fail_unless (refusal (std::string_view ()).kind == Error::Kind::Format);
}
GST_END_TEST;

GST_START_TEST (an_error_stays_readable_whatever_the_type_holds)
{
  const Error error = refusal ("audio/\xff" + std::string (100000, 'x'));
  fail_unless (g_utf8_validate (error.message.c_str (), -1, nullptr));
  fail_unless (error.message.size () < 200);
}
GST_END_TEST;

GST_START_TEST (only_audio_is_for_the_ear)
{
  for (const char *media_type :
       {"audio/pcm", "audio/pcm;rate=24000", "AUDIO/L16", " audio/wav", "audio/mpeg"})
    fail_unless (gemini::is_audio (media_type), "%s", media_type);
  for (const char *media_type :
       {"", "image/png", "video/mp4", "text/plain", "audio", "audiobook/x", "x-audio/pcm"})
    fail_if (gemini::is_audio (media_type), "%s", media_type);
}
GST_END_TEST;

GEMINI_CHECK_MAIN (media_type, every_form_that_gemini_sends_is_read, every_name_of_wav_is_read,
                   case_blanks_and_quotes_do_not_matter, unknown_and_empty_parameters_are_skipped,
                   the_rates_at_the_limits_are_taken, a_rate_that_is_none_is_a_format_error,
                   anything_but_one_channel_is_a_format_error, another_type_is_a_format_error_that_names_it,
                   an_error_stays_readable_whatever_the_type_holds, only_audio_is_for_the_ear)
