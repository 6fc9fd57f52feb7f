// When speech starts, and what that costs: plays a corpus of sessions, as they came in over many kinds of
// connection, with the start rule of geminisrc and with others, all on the element's own class. Takes
// seconds, for no time passes; prints the same figures each time.
//
//   meson setup build -Dbenchmarks=enabled && ninja -C build
//   build/tests/benchmarks/playout/playout                            the tables, and whether targets are met
//   build/tests/benchmarks/playout/playout --plot docs/playout.svg    and the plot
//   rsvg-convert docs/playout.svg -o docs/playout.png
//   build/tests/benchmarks/playout/playout my-log.csv …               traces of your own instead (trace.h)

#include <algorithm>
#include <fstream>
#include <iostream>
#include <numeric>
#include <utility>

#include "common/report.h"
#include "corpus.h"
#include "plot.h"

using namespace gemini::bench;

namespace {

/// What each policy made of a family's turns.
struct Family {
  std::string name;
  std::vector<std::vector<Heard>> heard;
};

Family &find (std::vector<Family> &families, const std::string &name, size_t policies)
{
  auto found =
      std::find_if (families.begin (), families.end (), [&] (const Family &f) { return f.name == name; });
  if (found != families.end ())
    return *found;
  return families.emplace_back (Family{name, std::vector<std::vector<Heard>> (policies)});
}

Table tabulate (const Family &family, const std::vector<Policy> &policies)
{
  const auto &turns = family.heard.front ();
  const auto speech = std::accumulate (turns.begin (), turns.end (), nanoseconds (0),
                                       [] (nanoseconds sum, const Heard &turn) { return sum + turn.length; });
  Table table{family.name, turns.size (), std::chrono::duration<double> (speech).count () / 60, {}};
  for (size_t i = 0; i < policies.size (); ++i)
    table.rows.push_back ({policies[i].name, policies[i].fixed, figures_of (family.heard[i])});
  return table;
}

/// FALSE: one of them is missed.
bool judge (const Table &table)
{
  const auto &ours = table.rows.front ().figures;
  const auto &oracle = table.rows.back ().figures;
  bool fewer = true;
  bool front = true;
  for (size_t i = 1; i + 1 < table.rows.size (); ++i) {
    const auto &other = table.rows[i].figures;
    const bool as_early = other.mean_delay <= ours.mean_delay || other.median_delay <= ours.median_delay;
    fewer = fewer && !(table.rows[i].fixed && as_early && other.underruns <= ours.underruns);
    front = front && !(other.mean_delay <= ours.mean_delay && other.underruns <= ours.underruns);
  }
  std::cout << "\n";
  bool all = target ("the median start delay is at most 1.1 times the oracle's and 20 ms",
                     ours.median_delay <= 1.1 * oracle.median_delay + 20);
  all &= target ("fewer underruns than every fixed policy of equal or smaller delay, median or mean", fewer);
  all &= target ("no policy has both a smaller mean delay and fewer underruns", front);
  all &= target ("the oracle has no underrun", oracle.underruns == 0);
  return all;
}

int usage ()
{
  std::cerr << "usage: playout [--plot FILE.svg] [TRACE.csv ...]\n";
  return 2;
}

}  // namespace

int main (int argc, char **argv)
{
  std::vector<Trace> traces;
  std::string plot_path;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--plot" && i + 1 < argc) {
      plot_path = argv[++i];
    } else if (argument.starts_with ("-")) {
      return usage ();
    } else {
      auto trace = read_trace (argument);
      if (auto *problem = std::get_if<std::string> (&trace)) {
        std::cerr << *problem << "\n";
        return 2;
      }
      traces.push_back (std::move (std::get<Trace> (trace)));
    }
  }
  const bool is_corpus = traces.empty ();
  if (is_corpus)
    traces = corpus ();

  const auto policies = all_policies ();
  std::vector<Family> families;
  Family firsts{"the first answers of all sessions", std::vector<std::vector<Heard>> (policies.size ())};
  Family all{"all", firsts.heard};
  for (const auto &trace : traces) {
    auto &family = find (families, trace.family, policies.size ());
    for (size_t i = 0; i < policies.size (); ++i) {
      const auto turns = simulate (trace, policies[i]);
      family.heard[i].insert (family.heard[i].end (), turns.begin (), turns.end ());
      firsts.heard[i].push_back (turns.front ());
      all.heard[i].insert (all.heard[i].end (), turns.begin (), turns.end ());
    }
  }

  families.push_back (std::move (firsts));
  for (const auto &family : families)
    print (std::cout, tabulate (family, policies));
  const auto table = tabulate (all, policies);
  print (std::cout, table);
  if (!plot_path.empty () && !(std::ofstream (plot_path) << plot (table))) {
    std::cerr << plot_path << ": cannot be written\n";
    return 2;
  }
  return !is_corpus || judge (table) ? 0 : 1;
}
