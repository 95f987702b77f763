// What the engines differ in, for those who run the service.
#pragma once

#include <string>

namespace broadsheet::store {

// Whether other processes may have the store of this address open for writing at the same time.
bool is_shared(const std::string& url);

}  // namespace broadsheet::store
