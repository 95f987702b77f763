// What the benches of the store share: times, quantiles, and an end with a sentence when something fails.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace broadsheet::bench {

inline double millis(auto&& work) {
  auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

inline double at(std::vector<double> v, double q) {
  std::sort(v.begin(), v.end());
  return v.empty() ? 0 : v[static_cast<std::size_t>(q * static_cast<double>(v.size() - 1))];
}

inline void require(const auto& result) {
  if (result) return;
  std::fprintf(stderr, "%s\n", result.error().what().c_str());
  std::exit(1);
}

}  // namespace broadsheet::bench
