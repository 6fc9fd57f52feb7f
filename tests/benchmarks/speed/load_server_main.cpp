// The server of the benchmarks as a process of its own, so that what it costs is not taken for the cost of a
// client. Prints its address and serves until whoever started it ends.
//
//   load-server [CERTIFICATE.pem]
#include <glib.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>
#include <iostream>
#include <optional>

#include "load_server.h"

int main (int argc, char **argv)
{
  rlimit limit;
  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
  prctl (PR_SET_PDEATHSIG, SIGTERM);  // nobody else would end it
  std::optional<gemini::bench::Identity> identity;
  if (argc > 1 && !identity.emplace (argv[1]).usable ()) {
    std::cerr << "load-server: " << argv[1] << " holds no certificate with its key\n";
    return 1;
  }
  gemini::bench::LoadServer server (identity ? &*identity : nullptr);
  if (server.port () == 0) {
    std::cerr << "load-server: cannot listen\n";
    return 1;
  }
  std::cout << (identity ? "https" : "http") << "://127.0.0.1:" << server.port () << std::endl;
  server.run ();
}
