// The server of the benchmarks as a process of its own, so that what it costs is not taken for the cost of a
// client. Prints its address and serves until whoever started it ends.
#include <glib.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>
#include <iostream>

#include "load_server.h"

int main ()
{
  rlimit limit;
  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
  prctl (PR_SET_PDEATHSIG, SIGTERM);  // nobody else would end it
  gemini::bench::LoadServer server;
  if (server.port () == 0) {
    std::cerr << "load-server: cannot listen\n";
    return 1;
  }
  std::cout << "http://127.0.0.1:" << server.port () << std::endl;
  server.run ();
}
