// What nearly every test of core, elements and the stand-in includes, compiled once for each of these
// folders. A test includes what it uses all the same: a build with -Db_pch=false shows what is missing. Not
// for what is optimised: with a precompiled header, GCC 12 warns there of what is in the headers of C++.
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
