#pragma once

#include <span>
#include <string>

#include "elements/property.h"

namespace gemini {

enum Api { kApiLive, kApiTts };
enum PrebufferMode { kPrebufferAdaptive, kPrebufferFixed };
enum IdleMode { kIdleSilence, kIdleNone };

/// What the properties of geminisrc say, with their defaults. Copied once when the element starts.
struct Settings {
  gint api = kApiLive;
  std::string api_key;
  std::string access_token;
  std::string endpoint;
  std::string project;
  std::string location;
  std::string api_version;
  std::string model;
  std::string prompt;
  gint text_input = 0;
  std::string system_instruction;
  std::string voice;
  std::string speakers;
  gint split = 0;
  std::string language;
  double temperature = -1;
  gint seed = -1;
  guint max_output_tokens = 0;
  gint thinking_level = 0;
  bool transcription = false;
  std::string setup;
  gint num_turns = 1;
  bool is_live = true;
  gint prebuffer_mode = kPrebufferAdaptive;
  guint prebuffer_time = 170;
  guint prebuffer_chunks = 3;
  guint max_prebuffer_wait = 1000;
  guint samples_per_buffer = 480;
  gint lead_time = 40;
  gint idle_mode = kIdleSilence;
  bool flush_on_interrupt = false;
  bool skip_leading_silence = false;
  guint64 max_buffered_bytes = 256 * 1024 * 1024;
  bool session_resumption = true;
  bool context_compression = true;
  guint timeout = 15;
  std::string proxy;
  std::string proxy_id;
  std::string proxy_pw;
  std::string ca_file;
  std::string user_agent;
  Headers extra_headers;
  gint retries = 3;
  double retry_backoff_factor = 0.5;
  double retry_backoff_max = 60;
};

std::span<const Property<Settings>> settings_properties ();

GType api_type ();
GType split_type ();
GType text_input_type ();
GType thinking_level_type ();
GType prebuffer_mode_type ();
GType idle_mode_type ();

}  // namespace gemini
