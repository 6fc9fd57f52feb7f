#include "course.h"

#include <sys/resource.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <utility>

#include "stamp.h"

namespace gemini::bench {
namespace {

constexpr double kBytesPerMs = 48;

int64_t micros (const timeval &time) { return int64_t{time.tv_sec} * 1'000'000 + time.tv_usec; }

rusage usage ()
{
  rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  return usage;
}

int64_t cpu (const rusage &usage) { return micros (usage.ru_utime) + micros (usage.ru_stime); }

/// kB: VmRSS is what is resident now, VmHWM the most that ever was (that of getrusage () counts the parent's,
/// too).
long memory (const std::string &name)
{
  std::ifstream status ("/proc/self/status");
  for (std::string word; status >> word;)
    if (long kb = 0; word == name && status >> kb)
      return kb;
  return 0;
}

void print_list (const char *name, const std::vector<double> &values)
{
  std::printf ("\"%s\": [", name);
  for (size_t i = 0; i < values.size (); ++i)
    std::printf (i > 0 ? ", %.1f" : "%.1f", values[i]);
  std::printf ("]");
}

}  // namespace

Course::Course (Plan plan) : plan_ (std::move (plan)), begun_ (monotonic_ns ()) {}

std::string Course::next ()
{
  const std::lock_guard guard (lock_);
  if (asked_ > plan_.turns) {
    print ();
    return "";
  }
  if (asked_ == 1) {
    const auto now = usage ();
    cpu_ = cpu (now);
    switches_ = now.ru_nvcsw;
    memory_ = memory ("VmRSS:");
    bytes_ = 0;
    latencies_.clear ();
    requests_.clear ();
    measured_from_ = monotonic_ns ();
  }
  question_at_ = monotonic_ns ();
  return asked_++ == 0 ? plan_.warm_up : plan_.question;
}

void Course::audio (const void *bytes, size_t size, size_t whole)
{
  const int64_t now = monotonic_ns ();
  const auto stamp = Stamp::read (bytes, size);
  const std::lock_guard guard (lock_);
  bytes_ += whole;
  if (!stamp)
    return;
  if (cold_ == 0) {
    cold_ = now - begun_;
    // What the server saw, from nothing on: connected, secured, setup, question, sent, and here.
    auto before = begun_;
    for (const auto time : {stamp->accepted, stamp->secured, stamp->setup, stamp->asked, stamp->sent, now})
      phases_.push_back (static_cast<double> (time - std::exchange (before, time)) / 1e3);
  }
  if (stamp->number == 0)
    requests_.push_back (static_cast<double> (stamp->asked - question_at_) / 1e3);
  if (stamp->number == 0 || !plan_.first_only)
    latencies_.push_back (static_cast<double> (now - stamp->sent) / 1e3);
}

void Course::print () const
{
  const auto now = usage ();
  const double wall = static_cast<double> (monotonic_ns () - measured_from_) / 1e6;
  std::printf (
      "{\"cold_us\": %.1f, \"cpu_us\": %lld, \"switches\": %lld, \"speech_ms\": %.1f, \"wall_ms\": %.1f, "
      "\"start_kb\": %ld, \"peak_kb\": %ld, ",
      static_cast<double> (cold_) / 1e3, static_cast<long long> (cpu (now) - cpu_),
      static_cast<long long> (now.ru_nvcsw - switches_), static_cast<double> (bytes_) / kBytesPerMs, wall,
      memory_, memory ("VmHWM:"));
  print_list ("latency_us", latencies_);
  std::printf (", ");
  print_list ("request_us", requests_);
  std::printf (", ");
  print_list ("phases_us", phases_);
  std::printf ("}\n");
  std::fflush (stdout);
}

}  // namespace gemini::bench
