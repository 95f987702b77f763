// What every engine holds small values to.
#pragma once

#include <cstddef>

namespace broadsheet::store {

inline constexpr std::size_t kLargestValue = 64 * 1024;  // bytes

}  // namespace broadsheet::store
