#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

namespace broadsheet::store {

struct TemporaryFolder {
  std::string path = std::filesystem::temp_directory_path() / "broadsheet-store-XXXXXX";
  TemporaryFolder() {
    if (mkdtemp(path.data()) == nullptr) std::abort();
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
};

}  // namespace broadsheet::store
