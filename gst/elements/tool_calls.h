#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace gemini {

/// The calls of functions that wait for an answer of the application, which must be told at once, on any
/// thread, whether its answer can still be used.
class ToolCalls {
 public:
  struct Call {
    std::string id;
    std::string name;
  };

  void add (Call call)
  {
    std::lock_guard guard (lock_);
    calls_.push_back (std::move (call));
  }

  /// The call is answered, or no more to be answered. FALSE: no such call waits.
  bool remove (std::string_view id)
  {
    std::lock_guard guard (lock_);
    return std::erase_if (calls_, [&] (const Call &call) { return call.id == id; }) > 0;
  }

  void clear ()
  {
    std::lock_guard guard (lock_);
    calls_.clear ();
  }

  /// The names of the functions, for a person; empty: nothing waits.
  std::string names () const
  {
    std::lock_guard guard (lock_);
    std::string names;
    for (auto &call : calls_)
      names += (names.empty () ? "" : ", ") + call.name;
    return names;
  }

 private:
  mutable std::mutex lock_;
  std::vector<Call> calls_;  // guarded by lock_
};

}  // namespace gemini
