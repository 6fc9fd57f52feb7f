// What nearly every test includes, compiled once for each folder of tests. A test includes what it uses all
// the same: `scripts/test tsan` builds without. Not for what is optimised: with a precompiled header, GCC 12
// warns there of what is in the headers of C++.
#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "support/check.h"
