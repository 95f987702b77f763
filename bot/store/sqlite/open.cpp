#include "bot/store/sqlite/open.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "bot/base/log.hpp"
#include "embedded/store_delivery_sql.hpp"
#include "embedded/store_listings_sql.hpp"
#include "embedded/store_papers_sql.hpp"
#include "embedded/store_search_index_sql.hpp"
#include "embedded/store_workers_sql.hpp"

namespace broadsheet::store {

std::string database_file(const std::string& folder) {
  return folder + "/broadsheet.db";
}

void belong_to_folder(const std::string& file) {
  struct stat folder{};
  auto slash = file.rfind('/');
  auto parent = slash == std::string::npos ? std::string(".") : file.substr(0, slash + 1);
  if (::geteuid() != 0 || ::stat(parent.c_str(), &folder) != 0) return;
  if (::lchown(file.c_str(), folder.st_uid, folder.st_gid) != 0)
    log::warning("store.owner_unchanged", {{"file", file}, {"why", std::strerror(errno)}});
}

void make_private(const std::string& file) {
  int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return;  // whoever opens it next says why
  struct stat now{};
  if (::fstat(fd, &now) == 0 && (now.st_mode & 077) != 0 && ::fchmod(fd, 0600) != 0)
    log::warning("store.rights_unchanged", {{"file", file}, {"why", std::strerror(errno)}});
  ::close(fd);
}

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
}

Result<FolderLock> FolderLock::take(const std::string& folder) {
  FolderLock lock;
  lock.fd_ = ::open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock.fd_ < 0)
    return Error(errno == ENOSPC ? ErrorKind::no_space : ErrorKind::not_allowed,
                 folder + ": cannot be used as data folder (" + std::strerror(errno) +
                     "). Check that it exists and may be written.");
  belong_to_folder(folder + "/lock");
  if (::flock(lock.fd_, LOCK_EX | LOCK_NB) != 0) {
    std::array<char, 32> pid{};
    auto n = ::pread(lock.fd_, pid.data(), pid.size() - 1, 0);
    return Error(ErrorKind::busy, folder + ": in use by another broadsheet" +
                                      (n > 0 ? " (process " + std::string(pid.data()) + ")" : "") +
                                      ". Stop it first, or choose another data folder.");
  }
  auto pid = std::to_string(::getpid());
  // The pid is for people only; the lock itself is what counts.
  if (::ftruncate(lock.fd_, 0) != 0 || ::pwrite(lock.fd_, pid.data(), pid.size(), 0) < 0)
    log::debug("store.lock_without_pid");
  return lock;
}

Status migrate(Db& db, bool allowed) {
  const std::array<std::string_view, kSchemaVersion> steps{embedded::store_papers_sql, embedded::store_listings_sql,
                                                           embedded::store_delivery_sql, embedded::store_workers_sql,
                                                           embedded::store_search_index_sql};
  auto version = db.number("PRAGMA user_version");
  if (!version) return version.error();
  if (*version > kSchemaVersion)
    return Error(ErrorKind::not_allowed, db.name() + ": was written by a newer broadsheet (schema " +
                                             std::to_string(*version) + ", this program knows " +
                                             std::to_string(kSchemaVersion) + "). Update this program.");
  if (*version == kSchemaVersion) return {};
  if (!allowed && *version > 0)
    return Error(ErrorKind::not_allowed,
                 db.name() + ": has an older schema. Run `broadsheet migrate`, after a backup.");
  // All steps or none (reliability F42): user_version is part of the same transaction.
  Transaction tx(db);
  if (auto begun = tx.begin(); !begun) return begun;
  for (auto v = static_cast<std::size_t>(*version); v < steps.size(); ++v)
    if (auto done = db.run(std::string(steps.at(v))); !done)
      return std::move(done).error().in("migration " + std::to_string(v + 1));
  if (auto done = db.run("PRAGMA user_version=" + std::to_string(kSchemaVersion)); !done) return done;
  return tx.commit();
}

}  // namespace broadsheet::store
