// Runs one harness over files: the seeds and whatever was once found, in builds without libFuzzer.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "fuzz/fuzz.h"

/// Folders in the order of their files' names. The last name printed is the file that broke a rule.
int main (int argc, char **argv)
{
  std::set<std::filesystem::path> files;
  for (int i = 1; i < argc; i++)
    if (std::filesystem::is_directory (argv[i]))
      for (auto &entry : std::filesystem::directory_iterator (argv[i]))
        files.insert (entry.path ());
    else if (std::filesystem::exists (argv[i]))
      files.insert (argv[i]);

  for (auto &path : files) {
    std::printf ("%s\n", path.c_str ());
    std::fflush (stdout);
    std::ifstream file (path, std::ios::binary);
    const std::string bytes ((std::istreambuf_iterator<char> (file)), std::istreambuf_iterator<char> ());
    LLVMFuzzerTestOneInput (reinterpret_cast<const uint8_t *> (bytes.data ()), bytes.size ());
  }
  std::printf ("%zu inputs\n", files.size ());
  return files.empty () ? 1 : 0;
}
