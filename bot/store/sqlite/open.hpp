// Getting a database ready: the folder's lock and the schema.
#pragma once

#include <string>

#include "bot/store/sqlite/db.hpp"

namespace broadsheet::store {

inline constexpr int kSchemaVersion = 5;

// One process owns a data folder: an flock on its file "lock", freed by the kernel however the process ends.
class FolderLock {
 public:
  FolderLock() = default;
  FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FolderLock& operator=(FolderLock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FolderLock();
  static Result<FolderLock> take(const std::string& folder);

 private:
  int fd_ = -1;
};

Status migrate(Db& db, bool allowed);
// Gives the file to the folder's owner: what an administrator's command makes, the service can open. Does nothing for
// anybody else.
void belong_to_folder(const std::string& file);
// Made readable by its owner alone, if it is not there; what is there loses the rights of others.
void make_private(const std::string& file);
std::string database_file(const std::string& folder);

}  // namespace broadsheet::store
